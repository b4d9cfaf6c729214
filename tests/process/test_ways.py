"""How a file can come to stand at a stage, and which offices it has come to by then."""

from shifan.process.ways import Way, offices_of, ways


def shown(found: tuple[Way, ...]) -> list[tuple[str, set[str]]]:
    return [(way.stage.id, set(way.tiers)) for way in found]


def test_file_is_at_a_stage_once_for_each_way_up_or_back(book):
    province, both = {"provincial"}, {"provincial", "national"}

    assert shown(ways(book.measures, "prefecture")) == [
        ("draft", set()),
        ("provincial_inspection", province),
        ("withdrawn", set()),
        ("draft", province),
        ("provincial_approval", province),
        ("applicant_hearing", province),
        ("withdrawn", province),
        ("acceptance", both),
        ("declined", province),
        ("provincial_inspection", both),
        ("expert_panel", both),
        ("declined", both),
        ("draft", both),
        ("provincial_approval", both),
        ("applicant_hearing", both),
        ("withdrawn", both),
        ("proposed", both),
        ("designated", both),
    ]


def test_file_by_a_channel_comes_to_its_authority_and_not_to_the_office_it_replaces(book):
    found = ways(book.measures, "enterprise", "railway")

    assert {tier for way in found for tier in way.tiers} == {"railway", "national"}


def test_stage_reached_only_by_moves_for_other_types_is_on_no_way(book):
    stages = {way.stage.id for way in ways(book.measures, "enterprise")}

    assert "materials_review" in stages
    assert "acceptance" not in stages


def test_final_stage_is_no_office_s(book):
    assert (
        offices_of(
            book.measures,
            book.measures.application,
            book.measures.application.stage("designated"),
            "",
        )
        == frozenset()
    )
