"""Units that apply jointly, units that apply through an authority of their own, and conditions."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.applications.test_races import at_once
from tests.conftest import NOW, agree, write_facts
from tests.titled import came_to, ended, listed, released, titled

from shifan.accounts.actor import SYSTEM
from shifan.accounts.models import User
from shifan.applications.actions import answer_partner, drop_partner, name_partner, start
from shifan.applications.queries import applications_for, asked_to_join
from shifan.cycles.actions import open_cycle, publish
from shifan.errors import BadInput, Conflict, NotAllowed
from shifan.ledger.models import Entry
from shifan.mailbox.models import Message
from shifan.people.models import Membership
from shifan.people.queries import actor_of
from shifan.proceedings.actions import Refused, make_move
from shifan.proceedings.models import Party, Proceeding
from shifan.proceedings.presentation import in_charge
from shifan.proceedings.queries import turn_first
from shifan.process.eligibility import eligibility
from shifan.process.situation import Situation
from shifan.rulebook.model import Channel
from shifan.statements.actions import state_fact
from shifan.statements.assessment import assess
from shifan.titles.models import Title, What
from shifan.units.actions import register_unit
from shifan.units.models import Division, Unit


def named(world, proceeding, unit=None):
    return name_partner(
        proceeding=proceeding, unit=unit or world.neighbour, actor=world.actors["lead"], now=NOW
    )


def answered(world, partner, agreed=True, name="other_lead"):
    return answer_partner(partner=partner, agreed=agreed, actor=world.actors[name], now=NOW)


def together(world, facts=False) -> Proceeding:
    proceeding = world.proceeding(facts=facts)
    answered(world, named(world, proceeding))
    return proceeding


# Joint applications.


def test_partner_works_on_the_file_from_its_yes_on(world):
    proceeding = world.proceeding()
    partner = named(world, proceeding)
    other = world.actors["other_lead"]
    assert list(applications_for(other)) == []
    assert list(asked_to_join(other)) == [partner]
    with pytest.raises(NotAllowed):
        stated(proceeding, other)

    answered(world, partner)

    assert list(applications_for(other)) == [proceeding]
    assert list(turn_first(applications_for(other), other)) == [proceeding]
    assert stated(proceeding, other).stated_by == world.users["other_lead"]
    assert {m.kind for m in Message.objects.all()} == {"asked_to_join", "agreed_to_join"}


def stated(proceeding, actor):
    state_fact(
        proceeding=proceeding, provision_id="1.1.1", source="self", actor=actor, now=NOW,
        raw={"leading_group_in_place": "是"},
    )  # fmt: skip
    return proceeding.facts.get(provision="1.1.1", superseded_at=None)


def test_partner_that_does_not_agree_sees_nothing(world):
    proceeding = world.proceeding()
    answered(world, named(world, proceeding), agreed=False)

    assert list(applications_for(world.actors["other_lead"])) == []
    assert list(asked_to_join(world.actors["other_lead"])) == []


def test_leading_unit_alone_signs(world):
    proceeding = together(world, facts=True)

    with pytest.raises(Refused):
        submitted(proceeding, world.actors["other_lead"])
    submitted(proceeding, world.actors["lead"])


def submitted(proceeding, actor):
    return make_move(proceeding=proceeding, move_id="submit", actor=actor, now=NOW).proceeding


def test_file_waits_for_every_partners_word(world):
    proceeding = world.proceeding(facts=True)
    partner = named(world, proceeding)

    with pytest.raises(Refused) as refused:
        submitted(proceeding, world.actors["lead"])
    assert [r.code for r in refused.value.refusals] == ["partners_waiting"]

    drop_partner(partner=partner, actor=world.actors["lead"], now=NOW)
    submitted(proceeding, world.actors["lead"])
    assert Entry.objects.filter(verb="partner.dropped").count() == 1


def test_every_partner_has_to_qualify(world):
    proceeding = together(world, facts=True)
    title = Title.objects.get(unit=world.neighbour)
    ended(title, date(2026, 1, 1), What.LAPSED)

    with pytest.raises(Refused) as refused:
        submitted(proceeding, world.actors["lead"])

    assert [r.code for r in refused.value.refusals] == ["title_missing"]
    assert world.neighbour.name in refused.value.refusals[0].text.zh
    ended(title, date(2026, 1, 2))
    with pytest.raises(Refused) as refused:
        submitted(proceeding, world.actors["lead"])
    assert "barred" in [r.code for r in refused.value.refusals]


def test_all_are_named(world):
    proceeding = together(world, facts=True)
    submitted(proceeding, world.actors["lead"])
    write_facts(proceeding, {"provincial_check", "survey"})
    agree(world, proceeding)
    for move, name, more in (
        ("pass", "reviewer", {}), ("approve_area", "approver", {"document": "x"}),
        ("pass", "national_reviewer", {}), ("recommend", "national_officer", {}),
    ):  # fmt: skip
        proceeding = make_move(
            proceeding=proceeding, move_id=move, actor=world.actors[name], now=NOW, **more
        ).proceeding
    released(listed(proceeding), NOW.replace(month=12, day=30))

    units = Title.objects.filter(level="national").values_list("unit", flat=True)
    assert set(units) == {world.unit.pk, world.neighbour.pk}


def test_unit_applies_once_in_a_cycle_alone_or_jointly(world):
    proceeding = together(world)
    with pytest.raises(Conflict):
        start(unit=world.neighbour, cycle=world.cycle, actor=world.actors["other_lead"], now=NOW)

    drop_partner(partner=proceeding.partners.get(), actor=world.actors["lead"], now=NOW)
    start(unit=world.neighbour, cycle=world.cycle, actor=world.actors["other_lead"], now=NOW)
    again = named(world, proceeding)
    with pytest.raises(Conflict):
        answered(world, again)


def test_only_so_many_apply_jointly(world):
    proceeding = world.proceeding()
    kind = world.cycle.measures.unit_type("school")
    schools = [
        register_unit(
            name=f"第{n}中学", kind=kind, division=Division.objects.get(code="5304"),
            actor=SYSTEM, now=NOW,
        )
        for n in range(5)
    ]  # fmt: skip
    for school in schools[:4]:
        named(world, proceeding, school)

    with pytest.raises(BadInput):
        named(world, proceeding, schools[4])


@pytest.mark.parametrize("name", ["clerk", "contributor", "other_lead", "reviewer"])
def test_only_the_lead_names_partners_and_only_theirs_answers(world, name):
    proceeding = world.proceeding()
    with pytest.raises(NotAllowed):
        name_partner(proceeding=proceeding, unit=world.neighbour, actor=world.actors[name], now=NOW)
    if name != "other_lead":
        with pytest.raises(NotAllowed):
            answered(world, named(world, proceeding), name=name)


def test_nothing_is_asked_of_oneself_twice_or_after_the_file_went_on(world):
    proceeding = world.proceeding(facts=True)
    partner = named(world, proceeding)
    for unit in (world.unit, world.neighbour):
        with pytest.raises(BadInput):
            named(world, proceeding, unit)
    answered(world, partner, agreed=False)
    submitted(proceeding, world.actors["lead"])
    with pytest.raises(Conflict):
        answered(world, partner)
    with pytest.raises(NotAllowed):
        drop_partner(partner=partner, actor=world.actors["lead"], now=NOW)


@pytest.mark.django_db(transaction=True)
def test_one_word_is_given_once(world):
    partner = named(world, world.proceeding())

    outcome = at_once(lambda n: answered(world, partner, agreed=n % 2 == 0), times=4)

    assert outcome == ["Conflict", "Conflict", "Conflict", "ok"]
    assert Party.objects.get(capacity="partner").agreed is not None


def test_partners_are_sealed_with_the_file(world):
    proceeding = world.proceeding(facts=True)
    alone = assess(proceeding, NOW)
    assert "partners" not in alone.snapshot

    answered(world, named(world, proceeding))
    assert assess(Proceeding.objects.get(), NOW).snapshot["partners"] == [str(world.neighbour.pk)]


def test_joint_application_in_the_browser(world):
    proceeding = world.proceeding()
    lead, other = world.client("lead"), world.client("other_lead")
    address = f"/applications/{proceeding.pk}/partners/"
    assert world.neighbour.name in lead.get(address, {"q": "湘西"}).content.decode()
    lead.post(address, {"unit": world.neighbour.pk})
    assert lead.post(address, {"unit": "no uuid"}).status_code == 404

    partner = Party.objects.get(capacity="partner")
    assert f"/applications/joint/{partner.pk}/" in other.get("/applications/").content.decode()
    assert world.client("clerk").post(f"/applications/joint/{partner.pk}/").status_code == 404
    other.post(f"/applications/joint/{partner.pk}/", {"agree": "1"})

    assert other.get(f"/applications/{proceeding.pk}/").status_code == 200


# Channels.


@pytest.fixture
def railway(world, book):
    """A rule book in which prefectures, too, may apply through the railway's authority."""
    measures = book.measures
    channel = Channel.model_validate(
        {"id": "railway", "name": {"zh": "铁路主管部门", "en": "Railway authority"},
         "replaces": "provincial", "unit_types": ["prefecture"], "article": 7}
    )  # fmt: skip
    changed = replace(
        book, digest="c" * 64,
        measures=measures.model_copy(update={"revision": 99, "channels": (channel,)}),
    )  # fmt: skip
    published = publish(book=changed, actor=SYSTEM, now=NOW)
    cycle = open_cycle(rulebook=published, year=2027, batch=2, actor=SYSTEM, now=NOW, exercise=True)
    for name, role in (("rail_reviewer", "reviewer"), ("rail_approver", "approver")):
        world.users[name] = User.objects.create(username=name)
        Membership.objects.create(
            user=world.users[name],
            role=role,
            programme="neac",
            tier="railway",
            area=Division.objects.get(code="0"),
        )
        world.actors[name] = actor_of(world.users[name])
    titled(world.unit, "railway", date(2025, 1, 1))
    return cycle


def test_channels_authority_acts_for_the_office_it_replaces(world, railway):
    proceeding = start(
        unit=world.unit, cycle=railway, channel="railway", actor=world.actors["lead"], now=NOW
    )
    write_facts(proceeding, {"self"})
    proceeding = submitted(proceeding, world.actors["lead"])

    assert proceeding.tiers == ["railway"]
    stage = proceeding.measures.application.stage(proceeding.stage)
    assert all("铁路主管部门" in each for each in in_charge(proceeding, stage)[:1])
    assert list(applications_for(world.actors["rail_reviewer"])) == [proceeding]
    assert list(applications_for(world.actors["reviewer"])) == []
    assert {m.receiver.username for m in Message.objects.filter(kind="waits")} == {"rail_reviewer"}
    write_facts(proceeding, {"provincial_check", "survey"})
    agree(world, proceeding, "rail_reviewer")
    with pytest.raises(NotAllowed):
        make_move(proceeding=proceeding, move_id="pass", actor=world.actors["reviewer"], now=NOW)
    for move, name in (("pass", "rail_reviewer"), ("approve_area", "rail_approver")):
        proceeding = make_move(
            proceeding=proceeding, move_id=move, actor=world.actors[name], now=NOW,
            document="x",
        ).proceeding  # fmt: skip
    assert proceeding.tiers == ["national", "railway"]
    assert list(applications_for(world.actors["national_reviewer"])) == [proceeding]


def test_channels_own_title_is_the_one_asked_for(world, railway):
    proceeding = start(
        unit=world.unit, cycle=railway, channel="railway", actor=world.actors["lead"], now=NOW
    )
    write_facts(proceeding, {"self"})
    ended(Title.objects.get(level="railway"), date(2025, 2, 1), What.LAPSED)

    with pytest.raises(Refused) as refused:
        submitted(proceeding, world.actors["lead"])

    assert [r.code for r in refused.value.refusals] == ["title_missing"]
    assert "铁路" in refused.value.refusals[0].text.zh


@pytest.mark.parametrize("channel", ["army", "no_such", "provincial"])
def test_channel_is_one_the_rule_book_has_for_the_type(world, railway, channel):
    with pytest.raises(BadInput):
        start(unit=world.unit, cycle=railway, channel=channel, actor=world.actors["lead"], now=NOW)


def test_ordinary_way_stays_the_provinces(world, railway):
    proceeding = start(unit=world.unit, cycle=railway, actor=world.actors["lead"], now=NOW)
    write_facts(proceeding, {"self"})

    proceeding = submitted(proceeding, world.actors["lead"])

    assert proceeding.tiers == ["provincial"]
    assert list(applications_for(world.actors["rail_reviewer"])) == []


def test_channels_authority_verifies_no_claims_of_places(world, railway):
    from shifan.people import actions, queries

    made = actions.claim(
        programme="neac", division=Division.objects.get(code="5303"), name="", grounds="x",
        kind=world.cycle.measures.unit_type("prefecture"), actor=world.actors["stranger"], now=NOW,
    )  # fmt: skip

    assert not queries.claims_to_verify(world.actors["rail_approver"]).exists()
    assert queries.claims_to_verify(world.actors["approver"]).get() == made


# Conditions.


def test_conditions_are_looked_up_each_with_its_article(world):
    proceeding = world.proceeding(facts=True)

    found = {r.need.guard: r for r in eligibility(assess(proceeding, NOW).situation)}

    assert set(found) == {
        "title_held", "not_barred", "partners_agreed", "threshold_reached", "input_at_least",
        "renewal_window",
    }  # fmt: skip
    assert {guard for guard, r in found.items() if not r.met} == {"threshold_reached"}
    assert (found["title_held"].need.article, found["not_barred"].need.article) == (4, 19)


def test_conditions_say_why_they_are_not_met(world):
    ended(Title.objects.get(unit=world.unit), date(2026, 6, 1))
    world.unit.division.children.all()  # the registry stays as it is

    page = (
        world.client("lead")
        .get(f"/applications/eligibility/{world.unit.pk}/{world.cycle.pk}/")
        .content.decode()
    )

    assert "不符合" in page and "2026-06-01" in page and "2029-06-01" in page
    assert Proceeding.objects.count() == 0


def test_conditions_before_the_start_are_for_ones_own_unit(world):
    company = Unit.objects.create(
        name="某连", unit_type="military_company", division=Division.objects.get(code="5304")
    )
    Membership.objects.create(user=world.users["clerk"], role="clerk", unit=company)

    assert (
        world.client("other_lead")
        .get(f"/applications/eligibility/{world.unit.pk}/{world.cycle.pk}/")
        .status_code
        == 404
    )
    # no indicators for military companies: there is nothing to apply under
    address = f"/applications/eligibility/{company.pk}/{world.cycle.pk}/"
    assert world.client("clerk").get(address).status_code == 404


# What a step leaves.


def test_decisions_document_is_filed_with_it(world):
    proceeding = world.proceeding(facts=True)
    Proceeding.objects.update(stage="provincial_approval")
    came_to(proceeding, ["provincial"])
    write_facts(proceeding, {"provincial_check", "survey"})
    approver = world.client("approver")

    receipt = approver.post(f"/applications/{proceeding.pk}/move/approve_area/", {
        "document": "云民委发〔2027〕3号",
        "document_file": SimpleUploadedFile("批复.pdf", b"%PDF-1.4\nyes"),
    })  # fmt: skip

    page = approver.get(receipt.url).content.decode()
    assert "云民委发〔2027〕3号" in page and "批复.pdf" in page
    got = approver.get(f"{receipt.url}document/")
    assert b"".join(got.streaming_content) == b"%PDF-1.4\nyes"
    assert got["Content-Type"] == "application/pdf"


def test_document_that_is_none_stops_the_move(world):
    proceeding = world.proceeding(facts=True)
    Proceeding.objects.update(stage="provincial_approval")
    came_to(proceeding, ["provincial"])
    write_facts(proceeding, {"provincial_check", "survey"})

    answer = world.client("approver").post(
        f"/applications/{proceeding.pk}/move/approve_area/",
        {"document": "x", "document_file": SimpleUploadedFile("批复.pdf", b"<html><script>")},
    )

    proceeding.refresh_from_db()
    assert (answer.status_code, proceeding.stage) == (400, "provincial_approval")


def test_snapshot_has_the_digest_of_its_receipt(world):
    import hashlib

    proceeding = world.proceeding(facts=True)
    submitted(proceeding, world.actors["lead"])
    step = proceeding.steps.last()

    got = (
        world.client("lead")
        .get(f"/applications/{proceeding.pk}/receipts/{step.pk}/snapshot/")
        .content
    )

    assert hashlib.sha256(got).hexdigest() == step.sealed


def test_situation_without_channels_or_partners_is_the_plain_one():
    fields = Situation.__dataclass_fields__
    assert (fields["channel"].default, fields["partners"].default) == ("", ())
