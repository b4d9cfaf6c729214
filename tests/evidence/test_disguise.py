"""A file that is two things at once, or hides a part, is refused; an honest one is taken."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.conftest import NOW

from shifan.errors import BadInput
from shifan.evidence.actions import attach
from shifan.evidence.models import Attachment
from shifan.vault.content import media_type
from shifan.vault.models import StoredFile

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MACRO_TYPES = b'<Override ContentType="application/vnd.ms-word.document.macroEnabled"/>'


def packed(parts: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


ARCHIVE = packed({"payload.js": b"alert(1)"})
WORD = {"word/document.xml": b"<w:document/>"}


REFUSED = {
    "pdf with an archive behind": PDF + ARCHIVE,
    "jpeg with an archive behind": JPEG + ARCHIVE,
    "pdf with a page in its head": b"%PDF-1.4\n<HTML><body>" + PDF,
    "jpeg with a script in its head": JPEG[:20] + b"<script>alert(1)</script>" + JPEG[20:],
    "archive before a pdf": ARCHIVE + PDF,
    "page before a pdf": b"<html>" + PDF,
    "docx that is a pdf": packed({"a": PDF, **WORD}, zipfile.ZIP_STORED),
    "macros under another name": packed({"[Content_Types].xml": MACRO_TYPES, **WORD}),
    "sheet of old macros": packed({"xl/workbook.xml": b"", "xl/macrosheets/sheet1.xml": b""}),
    "part outside": packed({"../../etc/cron.d/x": b"", **WORD}),
    "bomb of one part": packed({**WORD, "word/media/a.bmp": bytes(20_000_000)}),
}


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED.keys())
def test_disguised_file_is_refused_and_leaves_nothing(world, content):
    with pytest.raises(BadInput):
        attach(
            proceeding=world.proceeding(), provision_id="1.1.1",
            upload=SimpleUploadedFile("a.pdf", content), name="a.pdf",
            actor=world.actors["clerk"], now=NOW,
        )  # fmt: skip

    assert (Attachment.objects.count(), StoredFile.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "application/pdf"),
        (JPEG, "image/jpeg"),
        (JPEG + b"MotionPhoto_Data" + bytes(500), "image/jpeg"),
        (JPEG + b"PK\x05\x06" + bytes(4), "image/jpeg"),
        (packed({**WORD, "word/embeddings/a.xlsx": ARCHIVE}), DOCX),
    ],
    ids=["pdf", "jpeg", "motion photo", "stray mark", "embedded sheet"],
)
def test_honest_file_is_taken(content, kind):
    file = io.BytesIO(content)

    assert media_type(file) == kind
    assert file.tell() == 0
