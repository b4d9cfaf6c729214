"""``shifan workbook``: the same checks as the page, on the command line."""

from __future__ import annotations

import json

import pytest
import typer
from tests.conftest import NOW
from tests.workbook.test_workbook import filled

from shifan.cli.errors import Stop
from shifan.cli.workbook import export, import_
from shifan.ledger.queries import verify
from shifan.statements.models import Fact


@pytest.fixture
def exported(world, tmp_path, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    world.proceeding()
    export(unit=world.unit.name, out=tmp_path / "out.xlsx")
    return tmp_path / "out.xlsx"


def test_import_states_what_differs_and_a_second_time_nothing(exported, capsys):
    saved = filled(exported, {"leading_group_meetings": 4})
    capsys.readouterr()

    import_(file=saved, as_json=True)
    first = json.loads(capsys.readouterr().out)
    import_(file=saved, as_json=True)
    second = json.loads(capsys.readouterr().out)

    assert first == {
        "changes": [{"clause": "1.1.3", "before": "—", "after": "4", "conflict": False}],
        "errors": [], "written": 1,
    }  # fmt: skip
    assert second == {"changes": [], "errors": [], "written": 0}
    assert verify()["ok"] is True


def test_dry_run_writes_nothing(exported, capsys):
    import_(file=filled(exported, {"leading_group_meetings": 4}), dry_run=True)

    assert Fact.objects.count() == 0


def test_row_errors_are_named_and_end_with_one(exported, capsys):
    with pytest.raises(typer.Exit) as ended:
        import_(file=filled(exported, {"leading_group_meetings": "很多"}))

    assert ended.value.exit_code == 1


def test_unit_without_an_open_application_is_named(world, tmp_path):
    with pytest.raises(Stop):
        export(unit="没有这个单位", out=tmp_path / "x.xlsx")


def test_file_that_is_no_workbook_is_refused(exported, tmp_path):
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"nothing")

    with pytest.raises(Stop):
        import_(file=bad)
