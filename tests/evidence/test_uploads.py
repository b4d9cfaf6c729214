"""Large files come piece by piece by the tus protocol, over lines that break."""

import base64
import io
import os
import resource
import socket
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings as site
from django.test import Client
from tests.conftest import NOW
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError

from shifan.errors import BadInput, Conflict, DomainError, NotAllowed
from shifan.evidence import uploads
from shifan.evidence.models import Attachment, Upload
from shifan.ledger.models import Entry
from shifan.vault import queries as vault
from shifan.vault.actions import NoRoom

FILM = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + os.urandom(300_000)


@pytest.fixture(autouse=True)
def room(settings, tmp_path):
    settings.UPLOADS = tmp_path / "uploads"


SIZE = len(FILM)


def begun(world, length=SIZE, name="巡查.mp4", actor="clerk", proceeding=None) -> Upload:
    return uploads.begin(
        proceeding=proceeding or world.proceeding(), provision_id="1.1.1", length=length,
        name=name, actor=world.actors[actor], now=NOW,
    )  # fmt: skip


def sent(world, upload, content, at=0, actor="clerk"):
    return uploads.receive(
        upload=upload, at=at, body=io.BytesIO(content), actor=world.actors[actor], now=NOW
    )


def test_film_comes_in_pieces_and_is_attached_once_whole(world):
    upload = begun(world)

    assert sent(world, upload, FILM[:100_000]) is None
    assert sent(world, upload, FILM[100_000:], at=100_000) is not None

    attachment = Attachment.objects.get()
    assert (attachment.name, attachment.file.media_type) == ("巡查.mp4", "video/mp4")
    with vault.content(attachment.file) as file:
        assert file.read() == FILM
    assert Entry.objects.filter(verb="evidence.attached").count() == 1
    assert list(Path(site.UPLOADS).iterdir()) == []


def test_piece_after_the_end_changes_nothing(world):
    """The answer to the last piece was lost, and the browser asks again."""
    upload = begun(world)
    sent(world, upload, FILM)

    assert uploads.offset(upload) == len(FILM)
    assert sent(world, upload, b"", at=len(FILM)) == Attachment.objects.get()


def test_piece_from_another_place_is_refused(world):
    upload = begun(world)
    sent(world, upload, FILM[:1000])

    for at in (0, 999, 1001):
        with pytest.raises(Conflict):
            sent(world, upload, FILM[at:], at=at)
    assert uploads.offset(upload) == 1000


def test_no_byte_more_than_was_announced_is_kept(world):
    upload = begun(world, length=1000)

    with pytest.raises(BadInput):  # cut to its announced length, the film is not one byte longer
        sent(world, upload, b"0" * 5000)
    assert not Upload.objects.exists()


def test_line_that_breaks_leaves_what_came_before(world):
    class Broken(io.BytesIO):
        def read(self, size=-1):
            if self.tell() >= 200_000:
                raise ConnectionResetError
            return super().read(min(size, 100_000))

    upload = begun(world)
    uploads.receive(upload=upload, at=0, body=Broken(FILM), actor=world.actors["clerk"], now=NOW)

    assert uploads.offset(upload) == 200_000
    assert sent(world, upload, FILM[200_000:], at=200_000) is not None


def test_line_that_hangs_is_overtaken_and_mixes_nothing_in(world):
    """The browser comes back while the server still waits for the line that died silently."""
    upload = begun(world)

    class Hanging(io.BytesIO):
        def read(self, size=-1):
            sent(world, upload, FILM[:200_000])
            return super().read(size)

    with pytest.raises(Conflict):
        uploads.receive(
            upload=upload, at=0, body=Hanging(b"x" * 9), actor=world.actors["clerk"], now=NOW
        )

    assert sent(world, upload, FILM[200_000:], at=200_000) is not None
    with vault.content(Attachment.objects.get().file) as file:
        assert file.read() == FILM


def test_late_line_finds_the_file_finished(world):
    upload = begun(world)

    class Hanging(io.BytesIO):
        def read(self, size=-1):
            sent(world, upload, FILM)
            return super().read(size)

    with pytest.raises(Conflict):
        uploads.receive(
            upload=upload, at=0, body=Hanging(FILM), actor=world.actors["clerk"], now=NOW
        )
    assert Attachment.objects.count() == 1


def test_disk_that_fills_half_way_keeps_the_place(world):
    upload = begun(world)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, before[1]))
    try:
        with pytest.raises(NoRoom):
            sent(world, upload, FILM)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    at = uploads.offset(upload)
    assert at == 150_000
    assert sent(world, upload, FILM[at:], at=at) is not None


def test_disk_without_the_room_says_so_before_anything_is_sent(world, monkeypatch):
    monkeypatch.setattr(uploads, "SPARE", 10**18)

    with pytest.raises(NoRoom):
        begun(world)


def test_whole_file_of_an_unaccepted_kind_is_thrown_away(world):
    upload = begun(world, length=50)

    with pytest.raises(BadInput):
        sent(world, upload, b"<html><script>".ljust(50))

    assert (Upload.objects.count(), Attachment.objects.count()) == (0, 0)
    assert list(Path(site.UPLOADS).iterdir()) == []


@pytest.mark.parametrize("length", [0, 4_000_000_000], ids=["empty", "4 GB"])
def test_file_too_large_or_empty_is_refused_before_anything_is_sent(world, length):
    with pytest.raises(DomainError):
        begun(world, length=length)
    assert not Upload.objects.exists()


@pytest.mark.parametrize("actor", ["stranger", "other_lead", "reviewer", "contributor"])
def test_only_those_who_may_attach_begin(world, actor):
    with pytest.raises(NotAllowed):
        begun(world, actor=actor)


def test_one_person_has_only_so_many_on_their_way(world, monkeypatch):
    monkeypatch.setattr(uploads, "AT_ONCE", 2)
    proceeding = world.proceeding()
    begun(world, proceeding=proceeding)
    begun(world, proceeding=proceeding)

    with pytest.raises(BadInput):
        begun(world, proceeding=proceeding)


def test_what_did_not_become_complete_is_thrown_away_after_a_week(world):
    upload = begun(world)
    sent(world, upload, FILM[:10])

    assert uploads.drop_expired(now=NOW + uploads.LASTS - timedelta(seconds=1)) == 0
    assert uploads.drop_expired(now=NOW + uploads.LASTS) == 1
    assert list(Path(site.UPLOADS).iterdir()) == []


# Over HTTP, with a client of the protocol that is not ours.

TOKEN = "a" * 32


def signed_in(world, name: str, address: str) -> dict[str, str]:
    session = world.client(name).cookies["sessionid"].value
    return {"Cookie": f"sessionid={session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}


@pytest.mark.django_db(transaction=True)
def test_client_of_the_protocol_sends_breaks_off_and_goes_on(world, live_server):
    proceeding = world.proceeding()
    headers = signed_in(world, "clerk", live_server.url)
    where = f"{live_server.url}/evidence/{proceeding.pk}/1.1.1/uploads/"
    client = TusClient(where, headers=headers)
    first = client.uploader(
        file_stream=io.BytesIO(FILM), chunk_size=50_000, metadata={"filename": "巡查.mp4"}
    )
    first.upload(stop_at=100_000)

    again = client.uploader(file_stream=io.BytesIO(FILM), chunk_size=50_000, url=first.url)
    assert again.offset == 100_000
    again.upload()

    attachment = Attachment.objects.get()
    assert attachment.name == "巡查.mp4"
    with vault.content(attachment.file) as file:
        assert file.read() == FILM


@pytest.mark.django_db(transaction=True)
def test_line_cut_at_99_percent_costs_only_the_rest(world, live_server):
    proceeding = world.proceeding()
    headers = signed_in(world, "clerk", live_server.url)
    where = f"{live_server.url}/evidence/{proceeding.pk}/1.1.1/uploads/"
    client = TusClient(where, headers=headers)
    uploader = client.uploader(file_stream=io.BytesIO(FILM), metadata={"filename": "a.mp4"})
    uploader.set_url(uploader.create_url())
    parts = urlsplit(uploader.url)
    almost = len(FILM) * 99 // 100
    with socket.create_connection((parts.hostname, parts.port)) as line:
        fields = headers | {
            "Host": parts.netloc, "Tus-Resumable": "1.0.0", "Upload-Offset": "0",
            "Content-Type": "application/offset+octet-stream", "Content-Length": str(len(FILM)),
        }  # fmt: skip
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        line.sendall(f"PATCH {parts.path} HTTP/1.1\r\n{head}\r\n".encode() + FILM[:almost])
        line.shutdown(socket.SHUT_WR)
        line.recv(100)

    resumed = client.uploader(file_stream=io.BytesIO(FILM), url=uploader.url)
    assert resumed.offset == almost
    resumed.upload()
    assert Attachment.objects.get().file.size == len(FILM)


@pytest.mark.django_db(transaction=True)
def test_refusal_is_a_sentence_for_the_person(world, live_server):
    proceeding = world.proceeding()
    where = f"{live_server.url}/evidence/{proceeding.pk}/1.1.1/uploads/"
    client = TusClient(where, headers=signed_in(world, "clerk", live_server.url))

    with pytest.raises(TusCommunicationError) as refused:
        client.uploader(
            file_stream=io.BytesIO(b"MZ" * 99), metadata={"filename": "报告.mp4"}
        ).upload()

    assert "只接受" in refused.value.response_content.decode()
    assert not Attachment.objects.exists()


def test_nobody_sends_into_or_looks_at_anothers_upload(world):
    upload = begun(world)

    for name in ("lead", "other_lead", "reviewer", "auditor"):
        client = world.client(name)
        for method in ("HEAD", "PATCH", "DELETE"):
            answer = client.generic(
                method, f"/evidence/uploads/{upload.pk}/", headers={"Tus-Resumable": "1.0.0"},
                content_type="application/offset+octet-stream",
            )  # fmt: skip
            assert answer.status_code == 404, (name, method)


def test_protocols_version_length_and_type_are_asked_for(world):
    proceeding, client = world.proceeding(), world.client("clerk")
    where = f"/evidence/{proceeding.pk}/1.1.1/uploads/"
    speaks = {"Tus-Resumable": "1.0.0"}

    assert client.post(where).status_code == 412
    assert client.post(where, headers=speaks).status_code == 400
    assert client.post(where, headers=speaks | {"Upload-Length": "９"}).status_code == 400
    assert client.post(where, headers=speaks | {"Upload-Length": "9" * 12}).status_code == 413
    said = client.options(where)
    assert (said["Tus-Max-Size"], said["Tus-Extension"]) == ("2000000000", "creation,termination")
    name = base64.b64encode(b"../../x.mp4").decode()
    made = client.post(
        where, headers=speaks | {"Upload-Length": "5", "Upload-Metadata": f"filename {name},b"}
    )
    assert Upload.objects.get().name == "x.mp4"
    wrong = client.patch(made["Location"], b"hello", "text/plain", headers=speaks)
    assert wrong.status_code == 415
    assert client.delete(made["Location"], headers=speaks).status_code == 204
    assert client.head(made["Location"], headers=speaks).status_code == 404


def test_request_that_is_too_large_is_refused_unread(world):
    client = Client()

    answer = client.generic(
        "POST", f"/evidence/{world.proceeding().pk}/1.1.1/attach/", b"",
        content_type="multipart/form-data; boundary=x", CONTENT_LENGTH="4000000000",
    )  # fmt: skip

    assert answer.status_code == 413
