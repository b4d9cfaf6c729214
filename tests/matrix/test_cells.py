"""Every cell: the policy's predicates and the scopes in SQL say what the table by hand says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from typing import get_args
from uuid import UUID

import pytest
from django.db import connection
from typer.testing import CliRunner

from shifan.accounts import matrix, policy, subjects
from shifan.accounts.actor import SYSTEM
from shifan.accounts.matrix import Capacity
from shifan.applications.queries import applications_for
from shifan.cli import app
from shifan.cycles.actions import open_cycle, publish
from shifan.evidence.models import Attachment
from shifan.evidence.queries import attachments_for
from shifan.proceedings.models import Party, Proceeding
from shifan.proceedings.queries import in_full, turn_first
from shifan.proceedings.turns import retake
from shifan.process.ways import Way, ways
from shifan.rulebook.loader import load, shipped
from shifan.rulebook.model import RuleBook
from shifan.statements.assessment import assess_all
from shifan.statements.models import Task
from shifan.surveys.models import Campaign
from shifan.surveys.queries import campaigns_for
from shifan.units.models import Department, Division, Unit
from shifan.vault.models import StoredFile
from tests.conftest import NOW, undone
from tests.matrix import expected
from tests.matrix.test_routes import SEED
from tests.titled import came_to

BOOKS = [
    *(name for name in shipped() if name != "neac/2025"),  # its procedures are those of neac/2020
    *map(str, sorted(path.parent for path in Path("tests/books").glob("*/measures.yaml"))),
]


def test_every_permission_has_a_row_and_every_row_a_permission():
    rows = {row.partition(" ")[0] for row in {**expected.FILE, **expected.AT_LARGE}}
    asked_besides = {"whole", "turn", "make", "state", "read", "begin"}

    assert rows - asked_besides == set(policy.PERMISSIONS)


def test_every_permission_is_typed_by_what_it_is_about():
    assert set(get_args(subjects.Anywhere)) == set(policy.ANYWHERE)
    assert set(get_args(subjects.OnProceeding)) == set(policy.PROCEEDINGS)
    assert set(get_args(subjects.OnUnit)) == set(policy.UNITS)
    assert set(get_args(subjects.OnPartner)) == set(policy.PARTNERS)
    assert set(get_args(subjects.OnCampaign)) == set(policy.CAMPAIGNS)
    assert set(get_args(subjects.OnOffice)) == set(policy.OFFICES)
    assert set(get_args(subjects.OnProgramme)) == set(policy.PROGRAMMES)


@cache
def narrowed(name: str) -> RuleBook:
    """The book with one unit type of those with the same moves: the one with most channels."""
    book = load(name)
    moves = [move for way in book.measures.procedures for stage in way.stages
             for move in stage.moves]  # fmt: skip
    alike: dict[tuple[bool, ...], str] = {}
    for kind in sorted(book.indicators, key=lambda kind: len(book.measures.channels_for(kind))):
        alike[tuple(not move.only or kind in move.only for move in moves)] = kind
    kept = {kind: each for kind, each in book.indicators.items() if kind in alike.values()}
    return replace(book, indicators=kept)


@cache
def cells_of(name: str) -> tuple[RuleBook, list[matrix.Cell]]:
    book = narrowed(name)
    return book, list(matrix.cells(book))


@pytest.mark.parametrize("name", BOOKS)
def test_policy_says_in_every_cell_what_the_table_says(name):
    book, cells = cells_of(name)

    wrong = [
        (cell.unit_type, cell.channel, cell.way, str(cell.capacity), cell.permission, cell.allowed)
        for cell in cells
        if cell.allowed != _expected(book, cell)
    ]

    assert wrong == []


def _expected(book: RuleBook, cell: matrix.Cell) -> bool:
    if cell.way is None:
        return expected.at_large(book.measures, cell.capacity, cell.permission)
    return expected.on_file(book.measures, cell.unit_type, cell.way, cell.capacity, cell.permission)


PRINTED = ("geoparks/2", "tests/books/certification", "tests/books/neac_life")


def test_printed_matrix_holds_twenty_thousand_cells_and_says_what_the_table_says():
    printed = CliRunner().invoke(app, ["policy", "matrix", "--json", *PRINTED])

    content = json.loads(printed.stdout)
    cells = [(book, cell) for book, found in map(cells_of, PRINTED) for cell in found]
    assert content["cells"] == len(content["rows"]) == len(cells) >= 20_000
    for at in sorted(Random(SEED).sample(range(len(cells)), 4_000)):
        book, cell = cells[at]
        assert tuple(content["rows"][at].values()) == (
            cell.book, cell.unit_type, cell.channel, cell.way.stage.id if cell.way else None,
            sorted(cell.way.tiers) if cell.way else [], str(cell.capacity), cell.permission,
            _expected(book, cell),
        ), f"SHIFAN_SEED={SEED}"  # fmt: skip
    assert content["permissions"] == sorted({row["permission"] for row in content["rows"]})
    assert content["capacities"] == sorted({row["capacity"] for row in content["rows"]})


def test_summary_names_each_permission_with_those_who_have_it():
    printed = CliRunner().invoke(app, ["policy", "matrix", "--lang", "en", "tests/books/minimal"])

    lines = printed.stdout.splitlines()
    start = lines.index("applications.name_partner")
    assert lines[start + 1 : start + 3] == ["    own lead  2/5", "applications.read_review"]


class Shelf:
    """Files of one type and channel, one of a unit of its own for each way to stand."""

    def __init__(self, book: RuleBook, cycle, unit_type: str, channel: str) -> None:
        self.measures, self.unit_type = book.measures, unit_type
        division = Division.objects.get(path=matrix.area_of(book.measures, unit_type))
        self.files: dict[UUID, Way] = {}
        for number, way in enumerate(ways(book.measures, unit_type, channel)):
            unit = Unit.objects.create(
                name=f"{book.name} {channel} {number}", unit_type=unit_type, division=division
            )
            file = Proceeding.objects.create(
                rulebook=cycle.rulebook, procedure_id=book.measures.application.id, unit=unit,
                cycle=cycle, about=unit.pk, matter=unit.pk, stage=way.stage.id, channel=channel,
                stage_since=NOW, created_at=NOW,
            )  # fmt: skip
            Party.objects.create(capacity="applicant", proceeding=file, unit=unit, named_at=NOW)
            came_to(file, way.tiers)
            self.files[file.pk] = way
        self.units = list(
            Proceeding.objects.filter(pk__in=self.files).values_list("unit_id", flat=True)
        )
        self.campaigns = {
            survey.id: Campaign.objects.create(
                code=UUID(int=len(self.units) + Campaign.objects.count()).hex[-12:],
                unit_id=self.units[0], cycle=cycle, survey=survey.id, assurance="open",
                instrument={}, opens_on=NOW.date(), closes_on=NOW.date(), made_at=NOW,
            ).pk
            for survey in book.measures.surveys
        }  # fmt: skip
        self._partners_and_evidence()

    def _partners_and_evidence(self) -> None:
        answers = {matrix.PARTNER: True, matrix.ASKED: None, matrix.DECLINED: False}
        Party.objects.bulk_create(
            Party(capacity="partner", proceeding_id=file, unit_id=unit, agreed=agreed, named_at=NOW)
            for file in self.files for unit, agreed in answers.items()
        )  # fmt: skip
        Task.objects.bulk_create(
            Task(proceeding_id=file, provision=clause, department_id=department, given_at=NOW)
            for file in self.files
            for clause, department in (("given", matrix.GIVEN), ("other", matrix.NOT_GIVEN))
        )
        retake(assess_all(list(Proceeding.objects.filter(pk__in=self.files)), NOW))
        stored = StoredFile.objects.get()
        Attachment.objects.bulk_create(
            Attachment(proceeding_id=file, provision=clause, file=stored, attached_at=NOW)
            for file in self.files for clause in ("given", "other")
        )  # fmt: skip

    def capacities(self) -> tuple[Capacity, ...]:
        """Everybody; the applicant's own people are those of every unit on the shelf."""
        return matrix.capacities(self.measures, self.unit_type, own=self.units)

    def allowed(self, capacity: Capacity, permission: str) -> set[UUID]:
        """The files on which the table gives the capacity the permission."""
        return {
            file for file, way in self.files.items()
            if expected.on_file(self.measures, self.unit_type, way, capacity, permission)
        }  # fmt: skip


def lay_places() -> None:
    kin = ("country", "province", "prefecture", "county", "township", "village")
    for level, path in [*matrix.AREAS.items(), *matrix.ELSEWHERE.items()]:
        above = kin.index(level) - 1
        Division.objects.create(
            code=path.strip("/").rpartition("/")[2] or "0", name=path, level=level, path=path,
            parent=Division.objects.get(path=matrix.AREAS[kin[above]]) if above >= 0 else None,
        )  # fmt: skip
    country = Division.objects.get(path="/")
    for pk in (matrix.OWN, matrix.PARTNER, matrix.ASKED, matrix.DECLINED, matrix.OTHER):
        unit = Unit.objects.create(pk=pk, name=str(pk), unit_type="other", division=country)
    for department in (matrix.GIVEN, matrix.NOT_GIVEN):
        Department.objects.create(pk=department, unit=unit, name=str(department))
    StoredFile.objects.create(sha256="a" * 64, size=1, media_type="application/pdf", stored_at=NOW)


@pytest.fixture(scope="module")
def shelves(django_db_setup, django_db_blocker) -> Iterator[list[Shelf]]:
    """The files of all books, made once; the tests only read them."""
    with django_db_blocker.unblock(), undone():
        lay_places()
        found = []
        for book in map(narrowed, BOOKS):
            published = publish(book=book, actor=SYSTEM, now=NOW)
            cycle = open_cycle(
                rulebook=published, year=2027, batch=1, actor=SYSTEM, now=NOW, exercise=True
            )
            found += [Shelf(book, cycle, *variant) for variant in matrix.variants(book)]
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # no autovacuum sees what is not committed
        yield found


def everybody(shelves: list[Shelf]) -> Iterator[tuple[Shelf, Capacity]]:
    for shelf in shelves:
        for capacity in shelf.capacities():
            yield shelf, capacity


def test_lists_in_sql_hold_what_the_table_says_and_what_waits_comes_first(shelves):
    for shelf, capacity in everybody(shelves):
        rows = applications_for(capacity.actor).filter(pk__in=shelf.files)
        found = list(turn_first(rows, capacity.actor).values_list("pk", flat=True))
        waits = shelf.allowed(capacity, "turn")

        assert set(found) == shelf.allowed(capacity, "applications.view"), str(capacity)
        assert set(found[: len(waits)]) == waits, str(capacity)


def test_evidence_in_sql_is_what_the_table_says_and_a_contributor_s_that_of_its_clauses(shelves):
    for shelf, capacity in everybody(shelves):
        rows = attachments_for(capacity.actor).filter(proceeding__in=shelf.files)
        found = set(rows.values_list("proceeding_id", "provision"))
        whole = shelf.allowed(capacity, "whole file")
        sees = shelf.allowed(capacity, "evidence.view")

        assert {file for file, clause in found if clause == "other"} == whole, str(capacity)
        assert {file for file, clause in found if clause == "given"} == sees, str(capacity)


def test_campaigns_in_sql_are_those_the_table_says(shelves):
    for shelf, capacity in everybody(shelves):
        rows = campaigns_for(capacity.actor)
        for survey, campaign in shelf.campaigns.items():
            allowed = expected.at_large(shelf.measures, capacity, f"surveys.view {survey}")
            assert rows.filter(pk=campaign).exists() == allowed, str(capacity)


def test_rows_of_the_database_answer_like_the_files_in_memory(shelves):
    for shelf in shelves:
        rows = Proceeding.objects.filter(pk__in=shelf.files)
        file = in_full(rows).last()
        way = shelf.files[file.pk]
        for capacity in shelf.capacities():
            answers = dict(matrix.on_file(capacity.actor, file))
            assert answers == {
                permission: expected.on_file(
                    shelf.measures, shelf.unit_type, way, capacity, permission
                )
                for permission in answers
            }, str(capacity)
            if policy.provisions(capacity.actor, file) is not None:
                assert policy.provisions(capacity.actor, file) == {"given"}
