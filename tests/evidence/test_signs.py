"""Like files of other units and years are a sign for offices, of what each may see."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw
from tests.conftest import NOW, World, undone
from tests.titled import came_to

from shifan.applications.actions import start
from shifan.evidence import queries
from shifan.evidence.actions import attach, revise
from shifan.evidence.models import Attachment
from shifan.people.models import Membership
from shifan.units.models import Division
from shifan.vault.actions import look_at_new
from shifan.vault.models import LikenessKey


def picture(seed: int, **saved) -> bytes:
    """A photograph-like picture: gradients and many shapes, another for every seed."""
    import numpy as np

    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:480, 0:640]
    shade = 90 + 60 * np.sin(rows / random.uniform(40, 90)) + 40 * np.cos(columns / 70)
    image = Image.fromarray(np.clip(shade, 0, 255).astype("uint8")).convert("RGB")
    draw = ImageDraw.Draw(image)
    for _ in range(60):
        x, y = random.integers(0, 600), random.integers(0, 440)
        w, h = random.integers(15, 90), random.integers(15, 90)
        colour = tuple(int(c) for c in random.integers(0, 255, 3))
        shape = draw.ellipse if random.random() < 0.5 else draw.rectangle
        shape((x, y, x + w, y + h), fill=colour)
    out = io.BytesIO()
    image.save(out, "JPEG", **{"quality": 92} | saved)
    return out.getvalue()


@dataclass
class Pair:
    """A picture of the unit's and its recompressed copy of the neighbour's, in another province."""

    world: World
    original: Attachment
    copy: Attachment


@pytest.fixture(scope="module")
def made(world_of_module) -> Pair:
    """Both files handed in, so that the national office sees both and each province its own."""
    world = world_of_module
    own = world.proceeding()
    foreign = start(
        unit=world.neighbour, cycle=world.cycle, actor=world.actors["other_lead"], now=NOW
    )
    original = put(world, own, "clerk", picture(1))
    copy = put(world, foreign, "other_lead", picture(1, quality=45))
    put(world, foreign, "other_lead", picture(2), "1.1.2")
    for proceeding in (own, foreign):
        came_to(proceeding, ["national", "provincial"])
        proceeding.stage = "acceptance"
        proceeding.save()
    look_at_new(now=NOW)
    return Pair(world, original, copy)


@pytest.fixture
def pair(made, monkeypatch) -> Iterator[Pair]:
    with undone():
        original, copy = (Attachment.objects.get(pk=row.pk) for row in (made.original, made.copy))
        yield Pair(replace(made.world, monkeypatch=monkeypatch), original, copy)


def put(world, proceeding, actor, content, clause="1.1.1"):
    return attach(
        proceeding=proceeding, provision_id=clause, name="照片.jpg", now=NOW,
        upload=SimpleUploadedFile("照片.jpg", content), actor=world.actors[actor],
    )  # fmt: skip


def test_altered_copy_of_another_unit_is_found_from_either_side(pair):
    reviewer = pair.world.actors["national_reviewer"]

    assert [each.attachment for each in queries.alike(reviewer, pair.original)] == [pair.copy]
    (back,) = queries.alike(reviewer, pair.copy)
    assert back.attachment == pair.original and back.percent >= 33


@pytest.mark.parametrize("name", ["reviewer", "approver", "clerk", "lead", "stranger"])
def test_nobody_learns_of_a_file_it_may_not_see(pair, name):
    assert queries.alike(pair.world.actors[name], pair.original) == []


def test_offices_are_told_and_the_applicant_is_not(pair):
    page = f"/evidence/{pair.original.pk}/file/"
    signs = f"/evidence/{pair.original.pk}/signs/"
    national, clerk = pair.world.client("national_reviewer"), pair.world.client("clerk")

    assert "与另外 1 个文件相似" in national.get(signs).content.decode()
    assert pair.world.neighbour.name in national.get(page).content.decode()
    assert clerk.get(signs).status_code == 403
    assert pair.world.neighbour.name not in clerk.get(page).content.decode()
    province = pair.world.client("reviewer").get(signs).content.decode()
    assert "相似" not in province


def test_versions_of_the_same_file_are_no_sign(pair):
    Attachment.objects.filter(pk=pair.copy.pk).update(removed_at=NOW)
    proceeding = pair.original.proceeding
    proceeding.stage = "draft"
    proceeding.save()
    revise(
        attachment=pair.original, upload=SimpleUploadedFile("b.jpg", picture(1, quality=60)),
        name="b.jpg", actor=pair.world.actors["clerk"], now=NOW,
    )  # fmt: skip
    look_at_new(now=NOW)
    new = Attachment.objects.get(proceeding=proceeding, removed_at=None)

    assert queries.alike(pair.world.actors["auditor"], new) == []


def test_what_everybody_has_is_no_sign(pair):
    """A key of more files than COMMON belongs to a letterhead, and leads to nobody."""
    from shifan.vault.likeness import COMMON
    from shifan.vault.models import StoredFile

    stored = [
        StoredFile(sha256=f"{n:064x}", size=1, media_type="image/png", stored_at=NOW)
        for n in range(COMMON)
    ]
    StoredFile.objects.bulk_create(stored)
    keys = set(pair.original.file.keys.values_list("key", flat=True))
    LikenessKey.objects.bulk_create(LikenessKey(file=f, key=key) for f in stored for key in keys)

    assert queries.alike(pair.world.actors["national_reviewer"], pair.original) == []


def test_someone_who_reviews_and_works_for_the_unit_reads_signs(pair):
    Membership.objects.create(
        user=pair.world.users["clerk"], role="reviewer", programme="neac", tier="national",
        area=Division.objects.get(code="0"),
    )  # fmt: skip

    client = pair.world.client("clerk")
    assert client.get(f"/evidence/{pair.original.pk}/signs/").status_code == 200
