"""The world in which the routes are asked: a file that can be put at any stage, and its people."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from PIL import Image
from tools.instruments import SATISFACTION

from shifan.accounts.actor import SYSTEM
from shifan.accounts.matrix import Capacity, Hat
from shifan.accounts.models import User
from shifan.cycles.actions import open_cycle
from shifan.cycles.models import Proposal
from shifan.evidence.models import Attachment, Upload
from shifan.people.actions import LASTS
from shifan.people.models import Claim, Invitation, Membership
from shifan.people.queries import actor_of, token
from shifan.proceedings.models import Party, Step
from shifan.process.ways import Way, ways
from shifan.statements.assessment import assess
from shifan.statements.models import Fact, Opinion, Task
from shifan.surveys.models import Campaign
from shifan.units.models import Department, Division, Unit
from shifan.vault.actions import store
from tests.conftest import NOW, World
from tests.matrix import expected, routes
from tests.titled import begun, came_to, gathered, titled

HATS = {
    "anonymous": (),
    "stranger": (),
    "clerk": (Hat("own", "clerk"),),
    "lead": (Hat("own", "lead"),),
    "contributor": (Hat("own", "contributor"),),
    "other_lead": (Hat("asked", "lead"),),
    "reviewer": (Hat("provincial", "reviewer"),),
    "approver": (Hat("provincial", "approver"),),
    "other_reviewer": (Hat("provincial", "reviewer", here=False),),
    "other_approver": (Hat("provincial", "approver", here=False),),
    "national_reviewer": (Hat("national", "reviewer"),),
    "national_officer": (Hat("national", "officer"),),
    "auditor": (Hat("national", "auditor"),),
    "other_auditor": (Hat("provincial", "auditor", here=False),),
    "partner_lead": (Hat("partner", "lead"),),
    "partner_clerk": (Hat("partner", "clerk"),),
    "partner_contributor": (Hat("partner", "contributor"),),
    "provincial_officer": (Hat("provincial", "officer"),),
    "railway_approver": (Hat("railway", "approver"),),
    "contributor_who_audits": (Hat("own", "contributor"), Hat("national", "auditor")),
    "clerk_who_reviews_elsewhere": (Hat("own", "clerk"), Hat("provincial", "reviewer", False)),
}
"""The people of the world with their roles, in the words of the table."""

PDF = b"%PDF-1.4 test"

SPEAKS = {"Tus-Resumable": "1.0.0", "Upload-Length": "5"}
"""What the routes of large uploads want to hear; the others do not mind."""

WRITES = ("INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True)
class Answer:
    """The status of a request, and the tables that it wrote to."""

    status: int
    wrote: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """One cell: who makes which request, at which stage of the file if it depends on one.

    ``statuses`` are those the table expects, ``kind`` is equal in cells that are decided alike.
    """

    actor: str
    method: str
    route: str
    args: tuple[str, ...]
    data: tuple[str, ...]
    way: Way | None
    allowed: bool
    statuses: frozenset[int]
    kind: object

    def expects(self, got: Answer) -> bool:
        return got.status in self.statuses and (self.allowed or not got.wrote)


class Undone(Exception):
    """Raised to roll a cell back."""


class Site:
    """A file of the world with everything its routes name, and a browser for each of its people."""

    def __init__(self, world: World, monkeypatch) -> None:
        monkeypatch.setattr("shifan.site.middleware.now", lambda: NOW)
        self.world, self.measures = world, world.cycle.measures
        self.file = world.proceeding()
        self.at: Way | None = None
        self._people()
        self._things()
        self.clients = {name: Client(raise_request_exception=False) for name in HATS}
        for name, user in world.users.items():
            self.clients[name].force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])

    # Those who ask

    def _people(self) -> None:
        world, country = self.world, Division.objects.get(code="0")
        school = Unit.objects.create(name="某中学", unit_type="school", division_id="5304")
        partner = Unit.objects.create(name="某小学", unit_type="school", division_id="5303")
        Party.objects.create(
            capacity="partner", proceeding=self.file, unit=partner, named_at=NOW, agreed=True
        )
        own, elsewhere = world.unit.departments.get(), Division.objects.get(code="43")
        theirs = Department.objects.create(unit=partner, name="教务处")
        self.school, self.department = school, own
        for name, hats in HATS.items():
            if hats and name not in world.users:
                world.users[name] = User.objects.create(username=name, name=name)
                for hat in hats:
                    where: dict[str, Any] = {
                        "programme": "neac",
                        "tier": hat.whose,
                        "area": country,
                    }
                    if hat.whose == "provincial":
                        where["area"] = Division.objects.get(code="53") if hat.here else elsewhere
                    if hat.whose in ("own", "partner"):
                        where = {"unit": world.unit if hat.whose == "own" else partner}
                    if hat.role == "contributor":
                        where["department"] = own if hat.whose == "own" else theirs
                    Membership.objects.create(user=world.users[name], role=hat.role, **where)
        users = {name: actor_of(user) for name, user in world.users.items()}
        self.capacities = {
            name: Capacity(hats, users.get(name, world.actors["anonymous"]))
            for name, hats in HATS.items()
        }

    # What they ask about

    def _things(self) -> None:
        world, file = self.world, self.file
        paper = self._attached("a.pdf", store(ContentFile(PDF), NOW))
        drawn = io.BytesIO()
        Image.new("RGB", (9, 9)).save(drawn, "PNG")
        picture = self._attached("a.png", store(ContentFile(drawn.getvalue()), NOW))
        step = Step.objects.get(proceeding=file)
        step.document_file, step.document_name = picture.file, "决定.png"
        step.save()
        asked = Party.objects.create(
            capacity="partner", proceeding=file, unit=world.neighbour, named_at=NOW
        )
        Task.objects.create(
            proceeding=file, provision="1.1.1", department=self.department, given_at=NOW
        )
        Fact.objects.create(
            proceeding=file, provision="1.1.1", source="self", stated_at=NOW,
            values={"leading_group_in_place": "true"},
        )  # fmt: skip
        basis = assess(file, NOW).bases["1.1.1"]
        opinion = Opinion.objects.create(
            proceeding=file, provision="1.1.1", office="provincial", verdict="adjust",
            reason="x", basis=basis, at=NOW,
        )  # fmt: skip
        self.things = {
            "file": file.pk, "paper": paper.pk, "picture": picture.pk, "step": step.pk,
            "partner": asked.pk, "opinion": opinion.pk,
            "party": self.file.partners.filter(agreed=True).get().pk,
        }  # fmt: skip
        self.data = {
            "unit": self.school.pk, "provision": "1.1.2", "department": self.department.pk,
            "basis": basis, "verdict": "agree", "over": str(opinion.pk), "text": "x",
            "reason": "x", "seen": "0", "area": "/",
        }  # fmt: skip
        self._places_of_plain_routes()

    def _attached(self, name: str, stored) -> Attachment:
        return Attachment.objects.create(
            proceeding=self.file, provision="1.1.1", file=stored, name=name, attached_at=NOW
        )

    def _places_of_plain_routes(self) -> None:
        world = self.world
        title = titled(world.unit, "national", NOW.date())
        invitation = Invitation.objects.create(
            unit=world.unit, role="clerk", made_by=world.users["lead"], made_at=NOW,
            expires_at=NOW + LASTS,
        )  # fmt: skip
        claim = Claim.objects.create(
            user=world.users["stranger"], division_id="5303", programme="neac",
            unit_type="prefecture",
            name="曲靖市", is_area=True, grounds="x", made_at=NOW,
        )  # fmt: skip
        upload = Upload.objects.create(
            proceeding=self.file, user=world.users["clerk"], name="a.mp4", length=9,
            provision="1.1.1", expires_at=NOW + LASTS,
        )  # fmt: skip
        campaign = Campaign.objects.create(
            code="abcd", unit=world.unit, cycle=world.cycle, survey="satisfaction",
            assurance="open", instrument=SATISFACTION.model_dump(mode="json"),
            strata=["area", "age_band"], opens_on=NOW.date(), closes_on=NOW.date(), made_at=NOW,
        )  # fmt: skip
        clerk = Membership.objects.get(user=world.users["clerk"])
        later = open_cycle(
            rulebook=world.cycle.rulebook, year=2028, batch=2, actor=SYSTEM, now=NOW, exercise=True
        )
        city = Unit.objects.create(name="曲靖市", unit_type="prefecture", division_id="5303")
        line = begun(city, world.cycle, "proposed", ["national"])
        batch = gathered(line)
        proposal = Proposal.objects.create(
            programme="neac", content=world.cycle.rulebook.content, digest="x",
            proposed_by=world.users["national_officer"], proposed_at=NOW,
        )  # fmt: skip
        self.places: dict[str, list[Any]] = {
            "register:title": [title.pk],
            "cycles:rulebook": ["neac", "2020"],
            "cycles:indicators": ["neac", "2020", "prefecture"],
            "demo:sign_in": ["nobody"],
            "demo:advance": [1],
            "mailbox:follow": [1],
            "mailbox:send_again": [UUID(int=1)],
            "applications:start": [world.unit.pk, later.pk],
            "applications:may_apply": [world.unit.pk, later.pk],
            "applications:answer_partner": [self.things["partner"]],
            "titles:begin": [world.unit.pk],
            "applications:take_away": ["csv"],
            "decisions:begin": [later.pk, "batch"],
            "decisions:batch": [batch.pk],
            "decisions:gather": [batch.pk],
            "decisions:take_out": [batch.pk, line.pk],
            "decisions:notice": [batch.pk],
            "decisions:object": [batch.pk, line.pk],
            "decisions:objection": [batch.pk],
            "offices:office": ["neac"],
            "offices:propose": ["neac"],
            "offices:proposal": ["neac", proposal.pk],
            "offices:open_cycle": ["neac"],
            "offices:cycle": ["neac", world.cycle.pk],
            "offices:units": ["neac"],
            "offices:titles": ["neac"],
            "people:unit": [world.unit.pk],
            "people:office": ["neac", "provincial", "53"],
            "people:end": [clerk.pk],
            "people:hand_over": [clerk.pk],
            "people:withdraw": [invitation.pk],
            "people:invitation": [token(invitation)],
            "people:claim": [claim.pk],
            "evidence:upload": [upload.pk],
            "public_survey": [campaign.code],
            "public_survey_part": [campaign.code, "field/"],
            **{
                name: [campaign.code] for name in routes.PLAIN
                if name.startswith("surveys:") and name not in ("surveys:list", "surveys:new")
            },
        }  # fmt: skip

    # The cells

    def requests(self, way: Way) -> Iterator[tuple[routes.Request, str]]:
        """Every request to a route of the file, with the source or the move that it names."""
        for request in routes.STAGED:
            yield request, ""
        for source in self.measures.fact_sources:
            for request in routes.FOR_EACH_SOURCE:
                yield request, source.id
        for move in sorted({move.id for s in self.measures.application.stages for move in s.moves}):
            for request in routes.MOVES:
                yield request, move

    def of_a_file(self) -> list[Asked]:
        """Every cell of the routes of a file."""
        return [
            self._cell(way, request, name, actor, allowed)
            for way in ways(self.measures, self.world.unit.unit_type)
            for request, name in self.requests(way)
            for allowed in [self._allowed(way, request, name)]
            for actor in HATS
        ]

    def _allowed(self, way: Way, request: routes.Request, name: str) -> frozenset[str]:
        """The people whom the table allows the request."""
        if request.needs == routes.NOBODY:
            return frozenset()
        if request in routes.MOVES and name not in {move.id for move in way.stage.moves}:
            return frozenset()
        needs = [need.format(name) for need in request.needs]
        return frozenset(
            actor for actor in HATS if all(self._may(actor, way, need) for need in needs)
        )

    def _may(self, actor: str, way: Way, permission: str) -> bool:
        capacity, unit_type = self.capacities[actor], self.world.unit.unit_type
        return expected.on_file(self.measures, unit_type, way, capacity, permission)

    def _cell(
        self, way: Way, request: routes.Request, name: str, actor: str, allowed: frozenset[str]
    ) -> Asked:
        sees = self._may(actor, way, "applications.view")
        if actor in allowed:
            statuses = {200, 201, 204, 302, 409}
        elif actor == "anonymous":
            statuses = {302}
        else:
            statuses = {403, 409} if sees else {404}
        args = tuple(each.format(name) for each in request.args)
        data = tuple(each.format(name) for each in request.data)
        decides = (name, allowed) if sees else ()  # to others the file is not there, whatever it is
        return Asked(
            actor, request.method, request.route, args, data, way, actor in allowed,
            frozenset(statuses), (request, frozenset(statuses), decides),
        )  # fmt: skip

    def plain(self) -> list[Asked]:
        """Every cell of the routes that do not depend on a file."""
        return [
            cell
            for route, row in routes.PLAIN.items()
            for actor in sorted(routes.EVERYONE)
            for cell in (
                self._open(route, row, actor) if isinstance(row, routes.Open)
                else [self._closed(route, row, actor)]
            )
        ]  # fmt: skip

    def _open(self, route: str, row: routes.Open, actor: str) -> Iterator[Asked]:
        for method in ("GET", "POST"):
            statuses = routes.MISSING.get(route, {200, 302})
            if (route, method, actor) == ("people:account", "POST", "anonymous"):
                statuses = {422}
            if method not in row.methods:
                statuses = {405}
            yield Asked(
                actor, method, route, (), (), None, method in row.methods, frozenset(statuses),
                (route, method, actor == "anonymous"),
            )  # fmt: skip

    def _closed(self, route: str, row: routes.For, actor: str) -> Asked:
        if actor in row.actors:
            statuses = {200, 204, 302} | row.unready
        elif actor == "anonymous":
            statuses = {302}
        else:
            statuses = {403 if actor in row.seeing else row.refused}
        return Asked(
            actor, row.method, route, (), row.data, None, actor in row.actors,
            frozenset(statuses), (route, frozenset(statuses)),
        )  # fmt: skip

    # The question

    def ask(self, cell: Asked, more: Mapping[str, str] | None = None) -> Answer:
        """Make the request, some fields said otherwise, note what it wrote, and undo it."""
        if cell.way is not None:
            self._put(cell.way)
        url = reverse(cell.route, args=self._args(cell))
        data = dict(map(self._datum, cell.data)) | dict(more or {})
        client, wrote = self.clients[cell.actor], set()

        def watch(execute, sql, params, many, context):
            words = sql.split(None, 3)
            if words and words[0] in WRITES:
                wrote.add(words[1] if words[0] == "UPDATE" else words[2])
            return execute(sql, params, many, context)

        answer = Answer(0, ())
        try:
            with transaction.atomic(), connection.execute_wrapper(watch):
                send = {"GET": client.get, "POST": client.post, "HEAD": client.head}[cell.method]
                status = send(url, data, headers=SPEAKS).status_code
                answer = Answer(status, tuple(sorted(wrote)))
                raise Undone
        except Undone:
            return answer

    def _put(self, way: Way) -> None:
        if way == self.at:
            return
        self.at = way
        self.file.stage = way.stage.id
        self.file.save(update_fields=["stage"])
        came_to(self.file, way.tiers)

    def _args(self, cell: Asked) -> list[Any]:
        if cell.way is None:
            return self.places.get(cell.route, [])
        return [
            self._clause(each.removeprefix("clause of ")) if each.startswith("clause of ")
            else self.things.get(each, each)
            for each in cell.args
        ]  # fmt: skip

    def _clause(self, source: str) -> str:
        """A provision the source may state: the applicant's own one, offices elsewhere (where it
        is stated they give opinions instead)."""
        provisions = [p.id for p in self.file.indicators.provisions if source in p.input.from_]
        own = source in self.measures.sources_of("applicant")
        return next((each for each in provisions if (each == "1.1.1") == own), provisions[0])

    def _datum(self, name: str) -> tuple[str, Any]:
        if name in ("file", "files"):
            return name, SimpleUploadedFile("b.pdf", PDF + b"b")
        return (name, self.data[name]) if name in self.data else ("source", name)
