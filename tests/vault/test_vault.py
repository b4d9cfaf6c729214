"""A file is kept once and whole, hidden until the scanner passes it, and opened at arm's length."""

import io
import json
import resource
import socketserver
import struct
import threading
from collections.abc import Iterator

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from moto.server import ThreadedMotoServer
from PIL import ExifTags, Image

from shifan import apart
from shifan.errors import BadInput
from shifan.ledger.models import Entry
from shifan.vault import queries
from shifan.vault.actions import NoRoom, look_at_new, scan_waiting, store
from shifan.vault.models import StoredFile
from shifan.vault.pictures import Shot
from tests.conftest import NOW

PDF = b"%PDF-1.4\nhello"
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\0" * 100
MOV = b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  " + b"\0" * 100


def photograph(size=(400, 300), **exif) -> bytes:
    """A JPEG with a camera, a time, a position (north-west, so that signs show) and a comment."""
    image, tags = Image.new("RGB", size, "teal"), Image.Exif()
    tags[ExifTags.Base.Make], tags[ExifTags.Base.Model] = "Kamera", "X1"
    tags.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:05:01 10:20:30"
    position = tags.get_ifd(ExifTags.IFD.GPSInfo)
    position[ExifTags.GPS.GPSLatitudeRef], position[ExifTags.GPS.GPSLatitude] = (
        "N",
        (25.0, 30.0, 0.0),
    )
    position[ExifTags.GPS.GPSLongitudeRef] = "W"
    position[ExifTags.GPS.GPSLongitude] = (102.0, 0.0, 36.0)
    out = io.BytesIO()
    image.save(out, "JPEG", exif=tags, comment=b"CANARY-in-the-comment", **exif)
    return out.getvalue()


def kept(content: bytes) -> StoredFile:
    return store(ContentFile(content), NOW)


@pytest.mark.parametrize(
    ("content", "kind"), [(PDF, "application/pdf"), (MP4, "video/mp4"), (MOV, "video/quicktime")]
)
def test_file_is_kept_as_what_it_is(db, content, kind):
    stored = kept(content)

    assert (stored.media_type, stored.size) == (kind, len(content))
    with queries.content(stored) as file:
        assert file.read() == content


def test_film_may_be_larger_than_a_document(db, settings):
    settings.EVIDENCE_MAX_BYTES, settings.VIDEO_MAX_BYTES = 10, len(MP4)

    assert kept(MP4).kind == "video"
    with pytest.raises(BadInput):
        kept(PDF)
    with pytest.raises(BadInput):
        kept(MP4 + b"\0")


def test_disk_that_fills_half_way_keeps_nothing_and_says_so(db, settings):
    """The kernel refuses the write in the middle of the file, as a full disk does."""
    content = PDF + b"0" * 3_000_000
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
    try:
        with pytest.raises(NoRoom):
            kept(content)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert not default_storage.exists(StoredFile.objects.get().path)
    with queries.content(kept(content)) as file:
        assert len(file.read()) == len(content)


# The scanner.


class Daemon(socketserver.BaseRequestHandler):
    """Answers INSTREAM as ClamAV's daemon documents it: lengths, pieces, a zero, one line."""

    def handle(self) -> None:
        stream = self.request.makefile("rb")
        if (asked := stream.readline()) == b"nPING\n":
            self.request.sendall(b"PONG\n")
            return
        assert asked == b"nINSTREAM\n"
        content = b""
        while size := struct.unpack("!L", stream.read(4))[0]:
            content += stream.read(size)
        if b"SILENCE" in content:
            return
        found = b"Eicar-Test FOUND" if b"EICAR" in content else b"OK"
        self.request.sendall(b"stream: " + found + b"\n")


@pytest.fixture
def daemon(settings) -> Iterator[None]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Daemon) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.SCANNER = f"tcp://127.0.0.1:{server.server_address[1]}"
        yield
        server.shutdown()


def test_file_is_hidden_until_the_scanner_passes_it(db, daemon):
    stored = kept(PDF)
    with pytest.raises(queries.NotReadable):
        queries.content(stored)
    with pytest.raises(queries.NotReadable):
        queries.preview(stored, 1, "small")
    assert look_at_new(now=NOW) == 0

    assert scan_waiting(now=NOW) == 1

    stored.refresh_from_db()
    assert stored.readable
    assert scan_waiting(now=NOW) == 0


def test_file_the_scanner_refuses_is_never_shown_again(db, daemon):
    stored = kept(PDF + b"EICAR")
    scan_waiting(now=NOW)

    again = kept(PDF + b"EICAR")

    assert (again.scan, again.finding) == ("refused", "Eicar-Test")
    with pytest.raises(queries.NotReadable):
        queries.content(again)
    assert queries.shot(again) is None
    assert Entry.objects.get(verb="file.refused").object_id == stored.sha256


def test_scanner_that_is_away_leaves_files_hidden_and_is_asked_again(db, settings, daemon):
    there = settings.SCANNER
    settings.SCANNER = "tcp://127.0.0.1:9"
    stored = kept(PDF)
    assert scan_waiting(now=NOW) == 0
    stored.refresh_from_db()
    assert not stored.readable

    settings.SCANNER = there
    assert scan_waiting(now=NOW) == 1


def test_file_the_scanner_says_nothing_about_stays_hidden_and_holds_up_no_other(db, daemon):
    silent, other = kept(PDF + b"SILENCE"), kept(PDF)

    assert scan_waiting(now=NOW, most=1) == 0
    assert scan_waiting(now=NOW, most=1) == 1

    silent.refresh_from_db()
    other.refresh_from_db()
    assert (silent.readable, other.readable) == (False, True)


# Pictures.


def test_preview_shows_the_picture_and_carries_nothing_else(db):
    stored = kept(photograph())
    with queries.preview(stored, 1, "small") as file:
        drawn = file.read()

    with Image.open(io.BytesIO(drawn)) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("WEBP", (240, 180), {})
        assert set(image.info) <= {"loop", "background", "timestamp", "duration"}
    for canary in (b"CANARY", b"Kamera", b"2026:05:01", b"Exif", b"GPS"):
        assert canary not in drawn


def test_preview_stands_upright(db):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    out = io.BytesIO()
    Image.new("RGB", (400, 300)).save(out, "JPEG", exif=exif)

    with queries.preview(kept(out.getvalue()), 1, "small") as file, Image.open(file) as image:
        assert image.size == (240, 320)


def test_preview_is_made_once(db):
    stored = kept(photograph())
    queries.preview(stored, 1, "small").close()
    default_storage.delete(stored.path)

    assert queries.preview(stored, 1, "small") is not None


def test_reviewer_reads_what_the_camera_wrote(db):
    assert queries.shot(kept(photograph())) == Shot(
        taken="2026:05:01 10:20:30", camera="Kamera X1", latitude=25.5, longitude=-102.01
    )


def test_picture_without_metadata_says_nothing(db):
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "PNG")

    assert queries.shot(kept(out.getvalue())) is None


@pytest.mark.parametrize("content", [b"\xff\xd8\xff\xe0broken", b"\x89PNG\r\n\x1a\nbroken", PDF])
def test_broken_file_has_no_preview_and_stops_nothing(db, monkeypatch, content):
    stored = kept(content)

    assert queries.preview(stored, 1, "large") is None
    assert queries.preview(stored, 9, "large") is None
    with monkeypatch.context() as nothing:
        nothing.setattr(apart, "run", None)  # it is kept that there is none
        assert queries.preview(stored, 1, "large") is None
    assert look_at_new(now=NOW) == 1
    assert look_at_new(now=NOW) == 0
    stored.refresh_from_db()
    assert stored.pages in (None, 1)


def test_picture_that_swells_is_not_opened():
    """A PNG of 30,000 by 30,000 equal pixels is small on the line and 2.7 GB in memory."""
    out = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG", compress_level=9)

    assert len(out.getvalue()) < 500_000
    assert apart.run("shifan.vault.looks:preview", out, "image/png", "1", "240") is None


def test_pages_of_a_document_are_counted_apart():
    from pypdfium2 import PdfDocument

    document, out = PdfDocument.new(), io.BytesIO()
    for _ in range(3):
        document.new_page(200, 300)
    document.save(out)

    assert json.loads(apart.run("shifan.vault.looks:pages", out, "application/pdf") or b"0") == 3
    assert apart.run("shifan.vault.looks:preview", out, "application/pdf", "4", "240") is None


# S3.


@pytest.fixture
def bucket(settings, monkeypatch) -> Iterator[str]:
    """A local S3 server, and the site keeping its files there."""
    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    endpoint = "http://{}:{}".format(*server.get_host_and_port())
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("SHIFAN_S3", f"s3://shifan/files?endpoint={endpoint}")
    boto3.client("s3", endpoint_url=endpoint).create_bucket(Bucket="shifan")
    from shifan.site import environment

    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": environment.s3()}
    }
    yield endpoint
    server.stop()


def test_files_lie_on_s3_once_and_come_back_whole(db, bucket):
    content = photograph()
    stored = kept(content)
    kept(content)

    listed = boto3.client("s3", endpoint_url=bucket).list_objects_v2(Bucket="shifan")["Contents"]
    assert [row["Key"] for row in listed] == [f"files/{stored.path}"]
    with queries.content(stored) as file:
        assert file.read() == content
    assert look_at_new(now=NOW) == 1
    with queries.preview(stored, 1, "small") as file:
        assert file.read()[8:12] == b"WEBP"
