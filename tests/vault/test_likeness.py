"""Altered copies are found again among files that look or read alike, whatever the file."""

import hashlib
import io
import struct
import subprocess
import sys
import zipfile
import zlib
from random import Random
from xml.sax.saxutils import escape

import pytest
import xlsxwriter
from bench.made import pictures, reports
from bench.made.collection import DOCX, PDF, fingerprints, picture_files, report_files, searched
from PIL import Image

from shifan.vault.content import OFFICE
from shifan.vault.likeness import (
    ALIKE,
    fingerprint,
    from_bytes,
    keys,
    likeness,
    to_bytes,
)

XLSX = OFFICE["xl/workbook.xml"]
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
REPORT = reports.report(Random(1))
PICTURE = pictures.outdoors(Random(1))


def docx(text, before=""):
    body = "".join(f"<w:p><w:r><w:t>{escape(part)}</w:t></w:r></w:p>" for part in text)
    return archive(f'{before}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>')


def archive(document):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("word/document.xml", document)
    return buffer.getvalue()


def pdf(text):
    """A PDF in a font every reader has, 34 characters a line and 40 lines a page."""
    lines = [part[n : n + 34] for part in text for n in range(0, len(part), 34)]
    pages = [lines[n : n + 40] for n in range(0, len(lines), 40)]
    kids = " ".join(f"{n} 0 R" for n in range(4, 4 + 2 * len(pages), 2))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]/MediaBox[0 0 595 842]>>",
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts"
        "[<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo"
        "<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>]>>",
    ]
    for page in pages:
        shown = " T* ".join(f"<{line.encode('utf-16-be').hex()}> Tj" for line in page)
        content = f"BT /F 14 Tf 18 TL 50 790 Td {shown} ET"
        objects.append(
            f"<</Type/Page/Parent 2 0 R/Resources<</Font<</F 3 0 R>>>>"
            f"/Contents {len(objects) + 2} 0 R>>"
        )
        objects.append(f"<</Length {len(content)}>>stream\n{content}\nendstream")
    numbered = "".join(f"{n} 0 obj\n{one}\nendobj\n" for n, one in enumerate(objects, 1))
    return f"%PDF-1.4\n{numbered}trailer<</Root 1 0 R/Size {len(objects) + 1}>>\n%%EOF".encode()


def xlsx(rows):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return buffer.getvalue()


def table(random):
    heads = [["单位", "志愿者人数", "活动次数", "覆盖率"]]
    return heads + [[f"{place}街道", *random.choices(range(900), k=3)] for place in reports.PLACES]


def png(width, height, body=b""):
    def chunk(name, data):
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def saved(picture, kind):
    buffer = io.BytesIO()
    picture.save(buffer, kind)
    return buffer.getvalue()


def taken(content, media_type):
    return fingerprint(io.BytesIO(content), media_type)


def test_copies_of_pictures_are_found():
    files = picture_files(7, originals=25)

    outcome = searched(files, fingerprints(files))

    assert outcome.precision >= 0.9
    assert outcome.recall() >= 0.85


def test_copies_of_reports_are_found():
    files = report_files(7, 30, {DOCX: docx, PDF: pdf})

    outcome = searched(files, fingerprints(files))

    assert outcome.precision >= 0.95
    assert outcome.recall() >= 0.95


def test_same_report_as_word_and_as_pdf_is_alike():
    one, other = taken(docx(REPORT), DOCX), taken(pdf(REPORT), PDF)

    assert likeness(one, other) > 0.9
    assert set(keys(one)) & set(keys(other))


def test_reports_with_only_their_frame_in_common_are_not_alike():
    other = reports.report(Random(2))

    assert set(other) & set(REPORT) == {*reports.OPENING, *reports.CLOSING}
    assert 0 < likeness(taken(docx(REPORT), DOCX), taken(docx(other), DOCX)) < ALIKE


def test_width_case_spaces_and_punctuation_of_a_text_make_no_difference():
    text = "Volunteers of 城东街道 visited 120 households; every household was asked (once) " * 9
    plain = " ".join(f"{text} {n} 户" for n in range(40))
    wide = plain.upper().replace("1", "１").replace("(", "（").replace(";", "；")

    assert taken(docx([plain]), DOCX) == taken(docx([wide]), DOCX)


def test_tables_with_the_same_heads_differ_by_their_figures():
    one, other = table(Random(1)), table(Random(2))
    changed = [*one[:20], *other[20:]]

    assert likeness(taken(xlsx(one), XLSX), taken(xlsx(other), XLSX)) < ALIKE
    assert likeness(taken(xlsx(one), XLSX), taken(xlsx(changed), XLSX)) > ALIKE


def test_scan_is_alike_its_picture_and_not_a_text():
    letter = pictures.letter(Random(1))
    scan, picture = taken(saved(letter, "PDF"), PDF), taken(saved(letter, "PNG"), "image/png")

    assert likeness(scan, picture) >= ALIKE
    assert likeness(scan, taken(docx(REPORT), DOCX)) == 0


def test_letters_of_one_office_are_not_alike():
    random = Random(3)
    letters = [taken(pictures.saved(pictures.letter(random)), "image/jpeg") for _ in range(4)]

    assert all(likeness(one, other) < ALIKE for one in letters for other in letters if one != other)


def test_likeness_is_the_same_both_ways_and_one_with_itself():
    cut = pictures.cropped(0.2)(Random(1), PICTURE)
    one, other = (taken(saved(picture, "PNG"), "image/png") for picture in (PICTURE, cut))

    assert likeness(one, other) == likeness(other, one) >= ALIKE
    assert likeness(one, one) == 1
    assert set(keys(one)) & set(keys(other))


def test_transparent_and_turned_by_its_camera_are_seen_as_shown():
    clear = PICTURE.convert("RGBA")
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    PICTURE.transpose(Image.Transpose.ROTATE_90).save(buffer, "JPEG", exif=exif)
    plain = taken(saved(PICTURE, "PNG"), "image/png")

    assert likeness(taken(saved(clear, "PNG"), "image/png"), plain) > 0.9
    assert likeness(taken(buffer.getvalue(), "image/jpeg"), plain) > 0.7


NOTHING = {
    "blank picture": (saved(Image.new("RGB", (800, 600), "white"), "PNG"), "image/png"),
    "strip": (saved(Image.effect_noise((9000, 9), 90), "PNG"), "image/png"),
    "broken picture": (pictures.saved(PICTURE)[:900], "image/jpeg"),
    "picture of another type": (saved(PICTURE, "GIF"), "image/png"),
    "empty": (b"", "image/png"),
    "broken pdf": (b"%PDF-1.4\n" + bytes(500), PDF),
    "short pdf": (pdf(["短"]), PDF),
    "broken archive": (docx(REPORT)[:-60], DOCX),
    "broken document": (archive("<w:document>"), DOCX),
    "short document": (docx(["没有多少字。"]), DOCX),
    "entities": (docx(REPORT, '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'), DOCX),
    "other kind": (b"text", "text/plain"),
}


@pytest.mark.parametrize(("content", "media_type"), NOTHING.values(), ids=NOTHING.keys())
def test_nothing_is_said_of(content, media_type):
    file = io.BytesIO(content)

    assert fingerprint(file, media_type) is None
    assert file.tell() == 0


class Watched(io.BytesIO):
    """A file that counts the bytes read from it."""

    count = 0

    def read(self, size=-1):
        data = super().read(size)
        self.count += len(data)
        return data


@pytest.mark.parametrize("side", [8_000, 13_000, 60_000])
def test_picture_bomb_is_refused_by_its_header(side):
    bomb = Watched(png(side, side, Random(1).randbytes(3_000_000)))

    assert fingerprint(bomb, "image/png") is None
    assert bomb.count < 1_000


def test_word_file_is_read_to_its_bound_and_no_further():
    frame = f'<w:document xmlns:w="{WORD}">{{}}<w:p><w:r><w:t>{"".join(REPORT)}</w:t></w:r></w:p>'
    near, far = (frame.format("<w:p/>" * count) + "</w:document>" for count in (1_000, 3_000_000))

    assert taken(archive(near), DOCX) is not None
    assert taken(archive(far), DOCX) is None


@pytest.mark.parametrize("content", [(docx(REPORT), DOCX), (saved(PICTURE, "PNG"), "image/png")])
def test_fingerprint_comes_back_from_bytes(content):
    one = taken(*content)
    told = to_bytes(one)

    assert from_bytes(told) == one
    assert len(told) <= 1026
    with pytest.raises(ValueError, match="another version"):
        from_bytes(b"\xff" + told[1:])


def test_fingerprint_of_a_text_is_the_same_everywhere():
    text = ["".join(chr(0x4E00 + n * n % 5000) for n in range(300))]
    told = to_bytes(taken(docx(text), DOCX))

    assert hashlib.sha256(told).hexdigest()[:16] == "5068172615007112"
    assert keys(taken(docx(text), DOCX))[:2] == (6779636648134219816, 5412969917406948222)


def test_fingerprint_of_a_picture_is_the_same_in_another_process():
    script = (
        "import io, sys; from shifan.vault.likeness import fingerprint, to_bytes;"
        "file = io.BytesIO(sys.stdin.buffer.read());"
        "sys.stdout.buffer.write(to_bytes(fingerprint(file, 'image/png')))"
    )
    content = saved(PICTURE, "PNG")

    for seed in ("1", "2"):
        told = subprocess.run(
            [sys.executable, "-c", script], input=content, capture_output=True, check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "src"},
        ).stdout  # fmt: skip
        assert told == to_bytes(taken(content, "image/png"))
