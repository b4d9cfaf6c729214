"""Populations and targets as a table: out, filled in as people do, and back."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.surveys.conftest import planned

from shifan.errors import BadInput
from shifan.surveys import groups


@pytest.fixture
def campaign(world):
    return planned(world)


def test_table_comes_back_filled_in_and_what_it_leaves_out_stays(campaign, world):
    campaign.populations.filter(key="rural|18_29").update(population=7, target=3)
    client = world.client("reviewer")
    address = reverse("surveys:groups", args=[campaign.code])
    sent = b"".join(client.get(address).streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(sent)))
    assert len(rows) == 8
    assert (rows[0]["group"], rows[0]["words"]) == ("rural|18_29", "乡村（村委会） · 18至29岁")

    filled = 'group,population,target\nurban|18_29,"12,000",40\n'
    done = client.post(
        reverse("surveys:strata", args=[campaign.code]),
        {"file": SimpleUploadedFile("groups.csv", filled.encode())},
    )

    assert done.status_code == 302
    known = {row.key: (row.population, row.target) for row in campaign.populations.all()}
    assert known["urban|18_29"] == (12_000, 40)
    assert known["rural|18_29"] == (7, 3)
    assert known["rural|60_up"] == (None, None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_spreadsheets_of_any_habit_are_read(campaign, encoding, delimiter):
    lines = ["group,words,population,target", "urban|18_29,城镇,5,", ",,,"]
    text = "\r\n".join(lines).replace(",", delimiter)

    assert groups.read(campaign, io.BytesIO(text.encode(encoding)))["urban|18_29"] == (5, None)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"group,population\nurban|18_29,5\n", "There is no column target"),
        (b"group,population,target\nmoon|18_29,5,\n", "Row 2: there is no group 'moon|18_29'"),
        (b"group,population,target\nurban|18_29,5,\nurban|18_29,6,\n", "Row 3: .* comes twice"),
        (
            b"group,population,target\nurban|18_29,many,\n",
            "Row 2: 'many' is no usable number",
        ),
        (b"group,population,target\nurban|18_29,5,1,9\n", "Row 2: the row has 4 fields"),
        (b"group,population,target\nurban|18_29,5,\x00\n", "NUL"),
        (b"a" * 1_000_001, "too large"),
    ],
)
def test_table_that_is_wrong_says_where(campaign, content, said):
    with pytest.raises(BadInput, match=said):
        groups.read(campaign, io.BytesIO(content))


@pytest.mark.parametrize(
    ("given", "said"),
    [({"file": SimpleUploadedFile("g.csv", b"a,b\n")}, "There is no column group"),
     ({"population:urban|18_29": "many"}, "In a town · 18 to 29: &#x27;many&#x27;")],
)  # fmt: skip
def test_what_cannot_be_used_is_said_on_the_campaign_s_own_page(campaign, world, given, said):
    client = world.client("reviewer")
    client.cookies["django_language"] = "en"

    got = client.post(reverse("surveys:strata", args=[campaign.code]), given)

    assert got.status_code == 400
    assert said in got.content.decode()
    assert "Population and target by group" in got.content.decode()


def test_words_of_a_form_are_no_formula_in_the_table(campaign):
    asked = campaign.instrument
    asked["questions"][0]["choices"][0]["label"]["zh"] = "=HYPERLINK(1)"
    campaign.save()
    del campaign.form

    assert b"'=HYPERLINK" in groups.write(campaign)
