"""Walk every route × actor × stage and compare with the table."""

from __future__ import annotations

import io
from uuid import UUID

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from PIL import Image
from tools.instruments import SATISFACTION

from shifan.accounts.models import Membership
from shifan.applications.assessment import assess
from shifan.applications.models import Application, Fact, Opinion, Partner, Step, Task
from shifan.demo.actions import mark
from shifan.evidence.models import Attachment, Upload
from shifan.people.actions import LASTS
from shifan.people.models import Claim, Invitation
from shifan.people.queries import token
from shifan.surveys.models import Campaign
from shifan.units.models import Title, Unit
from shifan.vault.actions import store
from shifan.vault.models import StoredFile
from tests.conftest import NOW, World
from tests.matrix import table

PDF = b"%PDF-1.4 test"


def routes(patterns=None, namespace="") -> set[str]:
    """The names of all routes of the site; a route without a name gets its pattern."""
    found = set()
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            found |= routes(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            found.add(f"{namespace}{pattern.name}" if pattern.name else str(pattern.pattern))
    return found


def test_every_route_has_a_row_and_every_row_a_route():
    assert routes() == set(table.PLAIN) | table.ACCOUNT | table.STAGED


def test_every_stage_of_the_rule_book_is_walked(book):
    assert {stage.id for stage in book.measures.stages} == set(table.STAGES)


@pytest.fixture
def clients(world: World, monkeypatch) -> dict[str, Client]:
    monkeypatch.setattr("shifan.site.middleware.now", lambda: NOW)
    made = {"anonymous": Client(raise_request_exception=False)}
    for name, user in world.users.items():
        made[name] = Client(raise_request_exception=False)
        made[name].force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    assert set(made) == table.EVERYONE
    return made


SPEAKS = {"Tus-Resumable": "1.0.0", "Upload-Length": "5"}
"""What the routes of large uploads want to hear; the others do not mind."""


class Undone(Exception):
    """Raised to roll a cell back."""


def ask(client: Client, method: str, url: str, data=None) -> int:
    """The status of a request whose effects are undone."""
    status = 0
    try:
        with transaction.atomic():
            if method == "HEAD":
                status = client.head(url, headers=SPEAKS).status_code
            else:
                send = client.post if method == "POST" else client.get
                status = send(url, data or {}, headers=SPEAKS).status_code
            raise Undone
    except Undone:
        return status


@pytest.mark.parametrize("name", sorted(table.PLAIN))
def test_plain_route(name, world, clients):
    row = table.PLAIN[name]
    title = Title.objects.create(
        unit=world.unit, programme="neac", level="national", awarded_on=NOW.date(),
        awarded_precision="day", source="test",
    )  # fmt: skip
    address = {
        "register:title": [title.pk],
        "cycles:rulebook": ["neac", "2020"],
        "cycles:indicators": ["neac", "2020", "prefecture"],
        "demo:sign_in": ["nobody"],
        "demo:advance": [1],
        "mailbox:follow": [1],
        "mailbox:send_again": [UUID(int=1)],
        "applications:start": [world.unit.pk, world.cycle.pk],
        "applications:may_apply": [world.unit.pk, world.cycle.pk],
        "people:unit": [world.unit.pk],
        "people:office": ["provincial", "53"],
        "people:end": [Membership.objects.get(user=world.users["clerk"]).pk],
        "people:hand_over": [Membership.objects.get(user=world.users["clerk"]).pk],
        "people:withdraw": [_invitation(world).pk],
        "people:invitation": [token(_invitation(world))],
        "people:claim": [_claim(world).pk],
    }
    if name == "applications:answer_partner":
        asked = Partner.objects.create(
            application=world.application(), unit=world.neighbour, named_at=NOW
        )
        address[name] = [asked.pk]
    if name.startswith("surveys:") and name not in ("surveys:list", "surveys:new"):
        address[name] = [_campaign(world).code]
    if name.startswith("public_survey"):
        address[name] = ["abcd"] if name == "public_survey" else ["abcd", "field/"]
    if name == "evidence:upload":
        address[name] = [_upload(world).pk]
    url = reverse(name, args=address.get(name, []))
    for actor in sorted(table.EVERYONE):
        if isinstance(row, table.Open):
            expected = {"demo:sign_in": 404, "demo:advance": 409, "public_survey": 404,
                        "public_survey_part": 404}.get(name)  # fmt: skip
            for method in ("GET", "POST"):
                status = ask(clients[actor], method, url)
                if name == "people:account" and (actor, method) == ("anonymous", "POST"):
                    assert status == 422, "an empty form"
                elif method in row.methods:
                    assert status == expected or status in (200, 302), (name, actor, status)
                else:
                    assert status == 405, (name, actor, method, status)
            continue
        status = ask(clients[actor], row.method, url)
        if actor in row.actors:
            assert status in {200, 204, 302} | row.unready, (name, actor, status)
        elif actor == "anonymous":
            assert status == 302, (name, actor, status)
        else:
            expected = 403 if actor in row.seeing else row.refused
            assert status == expected, (name, actor, status)


@pytest.mark.parametrize("stage", sorted(table.STAGES))
def test_routes_of_an_application(stage, world, clients):
    application, attachment, step = _at(world, stage)
    cells = 0
    for actor, client in clients.items():
        for label, method, url, data, who in _requests(stage, application, attachment, step):
            status = ask(client, method, url, data)
            sees = actor in table.SEES[stage]
            if actor in who:
                assert status in (200, 201, 204, 302, 409), (stage, actor, label, status)
            elif actor == "anonymous":
                assert status == 302, (stage, actor, label, status)
            elif not sees:
                assert status == 404, (stage, actor, label, status)
            else:
                assert status in (403, 409), (stage, actor, label, status)
            cells += 1
    application.refresh_from_db()
    assert application.stage == stage
    assert cells == len(table.EVERYONE) * len(list(_requests(stage, application, attachment, step)))


def test_refused_move_changes_nothing_for_those_without_the_right(world, clients):
    """A 409 above could hide a move that was made: here every wrong actor's POST is kept."""
    for stage in table.STAGES:
        application, *_ = _at(world, stage)
        for actor, client in clients.items():
            for move in table.ALL_MOVES:
                if actor in table.MOVES.get(stage, {}).get(move, set()):
                    continue
                for route in ("applications:move", "decisions:designate"):
                    client.post(reverse(route, args=[application.pk, move]), {"reason": "x"})
        application.refresh_from_db()
        assert application.stage == stage
    assert Title.objects.filter(level="national").count() == 0


def _invitation(world: World) -> Invitation:
    return Invitation.objects.create(
        unit=world.unit, role="clerk", made_by=world.users["lead"], made_at=NOW,
        expires_at=NOW + LASTS,
    )  # fmt: skip


def _claim(world: World) -> Claim:
    return Claim.objects.get_or_create(
        user=world.users["stranger"], division_id="5303", unit_type="prefecture", name="曲靖市",
        is_area=True, defaults={"grounds": "x", "made_at": NOW},
    )[0]  # fmt: skip


def _campaign(world) -> Campaign:
    return Campaign.objects.create(
        code="abcd", unit=world.unit, cycle=world.cycle, survey="satisfaction", assurance="open",
        instrument=SATISFACTION.model_dump(mode="json"), strata=["area", "age_band"],
        opens_on=NOW.date(), closes_on=NOW.date(), made_at=NOW,
    )  # fmt: skip


def _upload(world: World) -> Upload:
    application = Application.objects.filter(unit=world.unit).first() or world.application()
    return Upload.objects.create(
        application=application, user=world.users["clerk"], name="a.mp4", length=9,
        provision="1.1.1", expires_at=NOW + LASTS,
    )  # fmt: skip


def _at(world: World, stage: str):
    """The unit's application put at a stage, with a piece of evidence and a step."""
    application = Application.objects.filter(unit=world.unit).first() or world.application()
    application.stage, application.tiers = stage, table.STAGES[stage]
    application.save()
    stored, _ = StoredFile.objects.get_or_create(
        sha256="a" * 64, size=len(PDF), media_type="application/pdf", stored_at=NOW
    )
    from django.core.files.storage import default_storage

    if not default_storage.exists(stored.path):
        default_storage.save(stored.path, ContentFile(PDF))
    attachment, _ = Attachment.objects.get_or_create(
        application=application, provision="1.1.1", file=stored, name="a.pdf",
        defaults={"attached_at": NOW},
    )  # fmt: skip
    drawn = io.BytesIO()
    Image.new("RGB", (9, 9)).save(drawn, "PNG")
    picture = store(ContentFile(drawn.getvalue()), NOW)
    Attachment.objects.get_or_create(
        application=application, provision="1.1.1", file=picture, name="a.png",
        defaults={"attached_at": NOW},
    )  # fmt: skip
    Partner.objects.get_or_create(
        application=application, unit=world.neighbour, defaults={"named_at": NOW}
    )
    Unit.objects.get_or_create(name="某中学", unit_type="school", division_id="5304")
    step = Step.objects.filter(application=application).first()
    step.document_file, step.document_name = picture, "决定.png"
    step.save()
    Task.objects.get_or_create(
        application=application, provision="1.1.1", department=world.unit.departments.get(),
        defaults={"given_at": NOW},
    )  # fmt: skip
    if not application.facts.exists():
        Fact.objects.create(
            application=application, provision="1.1.1", source="self", stated_at=NOW,
            values={"leading_group_in_place": "true"},
        )  # fmt: skip
        Opinion.objects.create(
            application=application, provision="1.1.1", office="provincial", verdict="adjust",
            reason="x", basis=assess(application, NOW).bases["1.1.1"],
            at=NOW,
        )  # fmt: skip
    return application, attachment, step


def _requests(stage, application, attachment, step):
    """Every request of the staged routes: label, method, address, data, and who may."""
    sees, moves = table.SEES[stage], table.MOVES.get(stage, {})
    states = table.STATES.get(stage, {})
    own = table.OWN if stage == "draft" else set()
    pk = application.pk

    def at(name, *args):
        return reverse(name, args=args)

    yield "workspace", "GET", at("applications:workspace", pk), None, sees
    yield "clause", "GET", at("applications:clause", pk, "1.1.1"), None, sees
    whole = sees - {"contributor"}
    yield "steps", "GET", at("applications:steps", pk), None, whole
    yield "receipt", "GET", at("applications:receipt", pk, step.pk), None, whole
    yield "snapshot", "GET", at("applications:snapshot", pk, step.pk), None, whole
    yield "document", "GET", at("applications:document", pk, step.pk), None, whole
    yield "eligibility", "GET", at("applications:eligibility", pk), None, whole
    yield "partners", "GET", at("applications:partners", pk), None, whole
    partner = application.partners.get()
    lead = {"lead"} if stage == "draft" else set()
    yield "drop partner", "POST", at("applications:drop_partner", pk, partner.pk), None, lead
    school = Unit.objects.get(name="某中学")
    yield "name partner", "POST", at("applications:partners", pk), {"unit": school.pk}, lead
    yield "other clause", "GET", at("applications:clause", pk, "1.2.1"), None, whole
    workers = {"clerk", "lead"}
    given = {"provision": "1.1.2", "department": application.unit.departments.get().pk}
    yield "tasks", "GET", at("applications:tasks", pk), None, table.OWN
    yield (
        "give tasks", "POST", at("applications:tasks", pk), given,
        set() if stage in table.CLOSED else workers,
    )  # fmt: skip
    reviewers = table.REVIEWS.get(stage, set())
    opinion = application.opinions.get()
    basis = {"basis": opinion.basis, "verdict": "agree"}
    yield "review", "GET", at("applications:review", pk), None, table.READS_REVIEW[stage]
    yield "opinion", "GET", at("applications:opinion", pk, "1.1.1"), None, reviewers
    yield "give opinion", "POST", at("applications:opinion", pk, "1.1.1"), basis, reviewers
    yield "agree with rest", "POST", at("applications:agree_with_rest", pk), {}, reviewers
    yield (
        "reply", "POST", at("applications:reply", pk, opinion.pk), {"text": "x"},
        workers if stage == "applicant_hearing" else set(),
    )  # fmt: skip
    yield "download", "GET", at("evidence:download", attachment.pk), None, sees
    yield "file", "GET", at("evidence:file", attachment.pk), None, sees
    yield "signs", "GET", at("evidence:signs", attachment.pk), None, sees - table.OWN
    yield "date a file", "POST", at("evidence:file", attachment.pk), {}, own
    yield "revise", "POST", at("evidence:revise", attachment.pk), {"file": _pdf("c.pdf")}, own
    picture = application.evidence.get(name="a.png")
    yield "preview", "GET", at("evidence:preview", picture.pk, 1, "small"), None, sees
    yield "vault", "GET", at("evidence:take", pk, "1.1.1"), None, own
    yield "take", "POST", at("evidence:take", pk, "1.1.1"), {}, own
    yield "begin", "POST", at("evidence:begin", pk, "1.1.1"), None, own
    yield "remove", "POST", at("evidence:remove", attachment.pk), None, own
    for source in table.ALL_SOURCES:
        who = states.get(source, set())
        yield f"workbook {source}", "GET", at("workbook:workbook", pk, source), None, who
        yield f"download {source}", "GET", at("workbook:download", pk, source), None, who
        yield f"sheet {source}", "GET", at("applications:sheet", pk, source), None, who
        provision = _provision(application, source)
        url = at("applications:state", pk, provision)
        yield f"state {source}", "POST", url, {"source": source, "seen": "0"}, who
        yield f"draft {source}", "POST", at("applications:draft", pk, provision, source), {}, who
    yield (
        "reuse", "POST", at("evidence:reuse", pk), {}, workers if stage == "draft" else set(),
    )  # fmt: skip
    yield "attach", "POST", at("evidence:attach", pk, "1.1.1"), {"files": _pdf("b.pdf")}, own
    for move in table.ALL_MOVES:
        url = at("applications:move", pk, move)
        who = moves.get(move, set()) - ({"national_officer"} if move == "name" else set())
        yield f"move {move}", "POST", url, {"reason": "x"}, who
        yield (
            f"designate {move}", "POST", at("decisions:designate", pk, move), {"reason": "x"},
            moves.get(move, set()) if move == "name" else set(),
        )  # fmt: skip


def _pdf(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF + name.encode())


def _provision(application, source: str) -> str:
    """A provision the source may state: the applicant's own one, offices elsewhere (where it is
    stated they give opinions instead)."""
    provisions = application.indicators.provisions
    found = [p.id for p in provisions if source in p.input.from_]
    own = source in application.measures.sources_of("applicant")
    return next((each for each in found if (each == "1.1.1") == own), found[0])


def test_demo_routes_do_not_exist_outside_demo_mode():
    import os
    import subprocess
    import sys

    program = (
        "import django; django.setup()\n"
        "from tests.matrix.test_matrix import routes\n"
        "print(sorted(name for name in routes() if name.startswith('demo')))"
    )
    env = {**os.environ, "SHIFAN_DEMO": "0", "DJANGO_SETTINGS_MODULE": "shifan.site.settings"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"


def test_signing_in_as_somebody_real_is_not_possible(world, clients):
    mark_demo = clients["anonymous"].post(reverse("demo:sign_in", args=["national_officer"]))

    assert mark_demo.status_code == 404
    assert "_auth_user_id" not in clients["anonymous"].session


def test_demo_cannot_be_marked_where_people_are(world):
    from shifan.demo.actions import NotADemo

    with pytest.raises(NotADemo):
        mark(now=NOW)
