"""Countries and their subdivisions are places like any others."""

from __future__ import annotations

import pytest
from tests.conftest import NOW

from shifan.accounts.actor import SYSTEM
from shifan.people.queries import places
from shifan.units import iso3166, schemes
from shifan.units.models import Division


@pytest.mark.django_db
def test_countries_and_their_parts_are_loaded_once_and_found_in_both_languages(tmp_path):
    table = tmp_path / "places.csv"
    iso3166.write(table)

    count = schemes.load(table, actor=SYSTEM, now=NOW)

    assert count == Division.objects.count() > 5000
    france, highland = Division.objects.get(code="FR"), Division.objects.get(code="GB-HLD")
    assert (france.name, france.name_en, france.path) == ("法国", "France", "/FR/")
    assert (highland.path, highland.level) == ("/GB/GB-SCT/GB-HLD/", "prefecture")
    assert not Division.objects.filter(code__startswith="CN").exists()
    assert "FR" in {each.code for each in places("Franc")}
    assert "FR" in {each.code for each in places("法国")}
    assert schemes.load(table, actor=SYSTEM, now=NOW) == 0
