"""The real divisions, from the pinned package; and the recorded designations on top of them."""

import pytest
from tests.conftest import NOW

from shifan.accounts.actor import SYSTEM
from shifan.cycles.actions import publish
from shifan.register import queries, recorded
from shifan.titles.models import Title
from shifan.titles.queries import read
from shifan.units import divisions
from shifan.units.models import Division


@pytest.fixture
def loaded(db):
    return divisions.load()


def test_divisions_load_from_province_to_township(loaded):
    assert loaded == {
        "country": 1, "province": 31, "prefecture": 342, "county": 2978, "township": 41352,
    }  # fmt: skip


def test_division_knows_its_path(loaded):
    township = Division.objects.get(code="530402001")

    assert township.path == "/53/5304/530402/530402001/"
    assert [Division.objects.get(code=c).name for c in ("53", "5304", "530402")] == [
        "云南省", "玉溪市", "红塔区",
    ]  # fmt: skip


def test_loading_twice_changes_nothing(loaded):
    assert divisions.load() == loaded


def test_missing_package_says_what_to_do(db, tmp_path):
    with pytest.raises(divisions.DivisionsMissing, match="make setup"):
        divisions.load(package=tmp_path)

    assert Division.objects.count() == 0


def test_recorded_designations_stand_in_the_register_with_their_source(loaded, book):
    publish(book=book, actor=SYSTEM, now=NOW)
    count = recorded.load(book=book, actor=SYSTEM, now=NOW)

    titles = read(queries.titles(NOW.date()))
    assert len(titles) == count == 24
    assert [t for t in titles if not t.term.source] == []
    placed = {t.title.unit.name: t.title.unit.division_id for t in titles}
    assert placed["昆明市富民县"] == "530124"
    assert placed["北京市密云区古北口镇"] == "110118111"
    assert placed["德宏傣族景颇族自治州芒市"] == "533103"
    assert placed["日照市岚山区交通运输局"] == "371103"
    assert placed["云南民族大学"] == "5301"


def test_loading_the_record_twice_changes_nothing(loaded, book):
    recorded.load(book=book, actor=SYSTEM, now=NOW)
    recorded.load(book=book, actor=SYSTEM, now=NOW)

    assert Title.objects.count() == 24


def test_row_that_fits_no_division_stops_the_load(divisions, book):
    with pytest.raises(recorded.UnplacedRow) as refused:
        recorded.load(book=book, actor=SYSTEM, now=NOW)

    assert refused.value.line == 2
    assert Title.objects.count() == 0


def test_batch_counts_are_those_reported(book):
    batches = recorded.batches("neac", "2020")

    assert [(b.first, b.last, b.named) for b in batches] == [
        (12, 12, 488), (11, 11, 248), (10, 10, 283), (1, 7, 1099),
    ]  # fmt: skip
