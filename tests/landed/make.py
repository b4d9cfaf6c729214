"""How ``landed.sql.gz`` and ``expected.json`` were made; kept as a record.

Written for the code of the landing before procedures were data (books in format 1), and run there
with ``pytest -n0 tests/landed/make.py``. Later code does not run it: what it made is what counts.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from shifan.accounts.actor import SYSTEM
from shifan.applications.actions import (
    answer_partner,
    give_opinion,
    give_tasks,
    keep_draft,
    make_move,
    name_partner,
    reply,
    start,
    state_fact,
)
from shifan.applications.assessment import assess
from shifan.applications.models import Application, Opinion
from shifan.cycles.actions import open_cycle
from shifan.cycles.models import PublishedRuleBook
from shifan.decisions.actions import designate
from shifan.evidence.actions import attach
from shifan.ledger.queries import verify
from shifan.people.actions import claim, invite_to_unit
from shifan.units.actions import grant_title
from shifan.units.models import Department, Division, Title
from tests.conftest import NOW, agree, write_facts

HERE = Path(__file__).parent


def moved(application, world, now=NOW, **by):
    for move, name in by.items():
        application = make_move(
            application=application, move_id=move.rstrip("_"), actor=world.actors[name], now=now,
            document="云民委发〔2026〕1号", reason="材料需要补充",
        ).application  # fmt: skip
    return application


@pytest.mark.django_db(transaction=True)
def test_make(world):
    actors = world.actors
    first = world.application(facts=True)
    attach(
        application=first, provision_id="1.1.1", upload=SimpleUploadedFile("a.pdf", b"%PDF-1.4 a"),
        name="a.pdf", actor=actors["clerk"], now=NOW,
    )  # fmt: skip
    give_tasks(
        application=first, provision_ids=["1.1.1", "1.1.2"], department=Department.objects.get(),
        due_on=date(2027, 1, 15), actor=actors["lead"], now=NOW,
    )  # fmt: skip
    partner = name_partner(application=first, unit=world.neighbour, actor=actors["lead"], now=NOW)
    answer_partner(partner=partner, agreed=True, actor=actors["other_lead"], now=NOW)
    moved(first, world, submit="lead")
    write_facts(first, {"provincial_check", "survey"})
    agree(world, first)
    moved(first, world, pass_="reviewer", approve_area="approver")
    moved(first, world, pass_="national_reviewer", recommend="national_officer")
    first.refresh_from_db()
    designate(
        application=first, move_id="name", actor=actors["national_officer"],
        now=NOW + timedelta(days=30),
    )  # fmt: skip

    real = open_cycle(
        rulebook=world.cycle.rulebook, year=2028, batch=2, actor=SYSTEM, now=NOW, exercise=True
    )
    second = start(unit=world.unit, cycle=real, actor=actors["lead"], now=NOW)
    write_facts(second, {"self"})
    moved(second, world, submit="lead")
    second.refresh_from_db()
    seen = assess(second, NOW)
    returned, adjusted = seen.reviewable[0], "2.1.1"
    for provision, verdict, more in (
        (returned, "return", {"kind": "incomplete"}),
        (seen.reviewable[1], "agree", {}),
    ):
        give_opinion(
            application=second, provision_id=provision, verdict=verdict, reason="请补充",
            basis=seen.bases[provision], actor=actors["reviewer"], now=NOW, **more,
        )  # fmt: skip
    moved(second, world, return_="reviewer")
    moved(second, world, submit="lead")
    second.refresh_from_db()
    seen = assess(second, NOW)
    for provision in seen.reviewable:
        read = seen.situation.indicators.by_id[provision]
        if read.input.type == "boolean" and "provincial_check" in read.input.from_:
            adjusted = provision
            break
    opinion = give_opinion(
        application=second, provision_id=adjusted, verdict="adjust", reason="与现场不符",
        basis=seen.bases[adjusted], actor=actors["reviewer"], now=NOW,
        raw={seen.situation.indicators.by_id[adjusted].input.name: "false"},
    )  # fmt: skip
    write_facts(second, {"provincial_check", "survey"})
    agree(world, second)
    moved(second, world, hear="reviewer")
    reply(opinion=Opinion.objects.get(pk=opinion.pk), text="已整改", actor=actors["lead"], now=NOW)

    third = start(unit=world.neighbour, cycle=real, actor=actors["other_lead"], now=NOW)
    state_fact(
        application=third, provision_id="1.1.1", source="self",
        raw={third.indicators.by_id["1.1.1"].input.name: "true"}, actor=actors["other_lead"],
        now=NOW, note="见附件",
    )  # fmt: skip
    third.refresh_from_db()
    keep_draft(
        assessment=assess(third, NOW), provision_id="1.1.2", source="self",
        raw={third.indicators.by_id["1.1.2"].input.name: "?"}, actor=actors["other_lead"], now=NOW,
    )  # fmt: skip

    for batch, awarded, lost in (
        (3, date(2015, 1, 1), None),
        (8, date(2020, 12, 1), date(2024, 5, 1)),
    ):
        title = grant_title(
            unit=world.neighbour, programme="neac", level="national", batch=batch, exercise=False,
            awarded_on=awarded, awarded_precision="year" if batch == 3 else "day",
            valid_until=date(awarded.year + 5, 1, 1), source="B", actor=SYSTEM, now=NOW,
        )  # fmt: skip
        Title.objects.filter(pk=title.pk).update(revoked_on=lost)
    invite_to_unit(unit=world.unit, role="clerk", department="", actor=actors["lead"], now=NOW)
    claim(
        division=Division.objects.get(code="530302"), kind=world.cycle.measures.unit_type("county"),
        name="", grounds="来文", actor=actors["stranger"], now=NOW,
    )  # fmt: skip
    (HERE / "expected.json").write_text(
        json.dumps(expected(), ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8"
    )
    dump()


def expected():
    counts = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names()):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return {
        "rows": {name: n for name, n in counts.items() if n},
        "ledger": {key: verify()[key] for key in ("entries", "last_hash", "ok")},
        "rulebooks": [[str(b), b.revision, b.digest] for b in PublishedRuleBook.objects.all()],
        "files": [
            {
                "id": str(each.pk), "unit": each.unit.name, "stage": each.stage,
                "total": each.total, "verdict": each.verdict,
                "steps": [[s.move, s.from_stage, s.to_stage, s.sealed] for s in each.steps.all()],
                "facts": sorted(
                    [f.provision, f.source, f.values, f.note]
                    for f in each.facts.filter(superseded_at=None)
                ),
                "opinions": sorted(
                    [o.provision, o.office, o.verdict, o.kind, o.reason]
                    for o in each.opinions.filter(superseded_at=None)
                ),
                "tasks": sorted([t.provision, t.department.name] for t in each.tasks.all()),
                "drafts": sorted([d.provision, d.values] for d in each.drafts.all()),
                "partners": sorted([p.unit.name, p.agreed] for p in each.partners.all()),
                "evidence": sorted(a.file_id for a in each.evidence.all()),
            }
            for each in Application.objects.order_by("created_at", "pk")
        ],
        "titles": sorted(
            [str(t.pk), t.unit.name, t.level, t.batch, t.exercise, str(t.awarded_on),
             str(t.valid_until or ""), str(t.revoked_on or ""), t.rulebook_digest]
            for t in Title.objects.all()
        ),
    }  # fmt: skip


def dump():
    """The whole database as plain SQL, without owners, hosts and commands of psql."""
    settings = connection.settings_dict
    said = subprocess.run(
        [os.environ["PG_DUMP"], "--inserts", "--no-owner", "--no-privileges", "--no-comments",
         "-h", settings["HOST"], "-U", settings["USER"], settings["NAME"]],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    lines = [line for line in said.splitlines() if not line.startswith(("\\", "--", "SET "))]
    with gzip.GzipFile(HERE / "landed.sql.gz", "wb", mtime=0) as file:
        file.write("\n".join(lines).encode())
