"""How people come to their roles, and that nobody comes to one otherwise."""

from datetime import timedelta

import pytest
from django.test import Client

from shifan.accounts.models import User
from shifan.errors import BadInput, Conflict, NotAllowed
from shifan.ledger.models import Entry
from shifan.mailbox.models import Message
from shifan.people import actions, queries
from shifan.people.models import Claim, Invitation, Membership
from shifan.people.queries import actor_of
from shifan.units.models import Department, Division, Unit
from tests.applications.test_races import at_once
from tests.conftest import NOW


def role(name: str) -> Membership:
    return Membership.objects.get(user__username=name)


def invited(world, role="clerk", department="", now=NOW) -> Invitation:
    return actions.invite_to_unit(
        unit=world.unit, role=role, department=department, actor=world.actors["lead"], now=now
    )


def kind(world, name="prefecture"):
    return world.cycle.measures.unit_type(name)


def claimed(world, code="5303", name="stranger", unit_type="prefecture", **more) -> Claim:
    return actions.claim(
        programme="neac", division=Division.objects.get(code=code), kind=kind(world, unit_type),
        name=more.get("called", ""), grounds=more.get("grounds", "市政府办〔2026〕5号"),
        actor=world.actors[name], now=NOW,
    )  # fmt: skip


# Invitations.


def test_invitation_is_taken_up_once_by_whoever_brings_its_link(world):
    link = queries.token(invited(world, "contributor", "市水利局"))
    found = queries.invitation_of(link).get()

    actions.take_up(invitation=found, actor=world.actors["stranger"], now=NOW)

    membership = role("stranger")
    assert (membership.role, membership.unit, str(membership.department)) == (
        "contributor", world.unit, "市水利局",
    )  # fmt: skip
    assert Message.objects.get(kind="joined").receiver == world.users["lead"]
    with pytest.raises(Conflict):
        actions.take_up(invitation=found, actor=world.actors["other_lead"], now=NOW)


@pytest.mark.parametrize("end", ["withdrawn", "expired"])
def test_invitation_that_has_ended_gives_no_role(world, end):
    invitation = invited(world)
    now = NOW
    if end == "withdrawn":
        actions.withdraw_invitation(invitation=invitation, actor=world.actors["lead"], now=NOW)
    else:
        now = NOW + actions.LASTS

    with pytest.raises(Conflict):
        actions.take_up(invitation=invitation, actor=world.actors["stranger"], now=now)
    assert not Membership.objects.filter(user=world.users["stranger"]).exists()


@pytest.mark.parametrize("sent", ["", "x", "0" * 32, "0" * 32 + ":abc"])
def test_made_up_link_opens_nothing(world, sent):
    invited(world)

    assert not queries.invitation_of(sent).exists()


@pytest.mark.parametrize("name", ["clerk", "contributor", "other_lead", "reviewer", "stranger"])
def test_only_the_lead_invites_to_the_unit(world, name):
    with pytest.raises(NotAllowed):
        actions.invite_to_unit(
            unit=world.unit, role="clerk", department="", actor=world.actors[name], now=NOW
        )


@pytest.mark.parametrize(
    ("offered", "department"),
    [("reviewer", ""), ("auditor", ""), ("contributor", " "), ("clerk", "市水利局"), ("", "")],
)
def test_unit_offers_only_its_own_roles(world, offered, department):
    with pytest.raises(BadInput):
        invited(world, offered, department)
    assert Invitation.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "allowed"),
    [("approver", True), ("reviewer", False), ("other_approver", False),
     ("national_officer", False), ("lead", False)],
)  # fmt: skip
def test_office_is_managed_by_those_who_speak_for_it(world, name, allowed):
    area = Division.objects.get(code="53")

    def invite():
        return actions.invite_to_office(
            programme="neac",
            tier="provincial",
            area=area,
            role="reviewer",
            actor=world.actors[name],
            now=NOW,
        )

    if allowed:
        assert invite().area == area
    else:
        with pytest.raises(NotAllowed):
            invite()


def test_office_offers_no_auditor(world):
    with pytest.raises(BadInput):
        actions.invite_to_office(
            programme="neac", tier="provincial", role="auditor",
            area=Division.objects.get(code="53"),
            actor=world.actors["approver"], now=NOW,
        )  # fmt: skip


# Leaving and handing over.


def test_leaving_ends_the_role_and_leaves_the_record(world):
    actions.end_membership(membership=role("clerk"), actor=world.actors["clerk"], now=NOW)

    assert not Membership.objects.filter(user=world.users["clerk"]).exists()
    entry = Entry.objects.get(verb="role.ended")
    assert (entry.actor, entry.details["user"]) == ("clerk", "clerk")


def test_lead_ends_a_colleagues_role_but_nobody_elses(world):
    actions.end_membership(membership=role("clerk"), actor=world.actors["lead"], now=NOW)

    with pytest.raises(NotAllowed):
        actions.end_membership(membership=role("other_lead"), actor=world.actors["lead"], now=NOW)
    with pytest.raises(NotAllowed):
        actions.end_membership(membership=role("lead"), actor=world.actors["contributor"], now=NOW)


@pytest.mark.parametrize("name", ["lead", "approver", "national_officer"])
def test_last_one_who_leads_cannot_leave(world, name):
    with pytest.raises(Conflict):
        actions.end_membership(membership=role(name), actor=world.actors[name], now=NOW)


def test_handing_over_swaps_the_lead(world):
    actions.hand_over(membership=role("clerk"), actor=world.actors["lead"], now=NOW)

    def roles(name):
        return set(Membership.objects.filter(user__username=name).values_list("role", flat=True))

    assert (roles("clerk"), roles("lead")) == ({"clerk", "lead"}, {"clerk"})
    assert Message.objects.get(kind="handed_over").receiver == world.users["clerk"]
    with pytest.raises(NotAllowed):
        actions.hand_over(
            membership=role("contributor"), actor=actor_of(world.users["lead"]), now=NOW
        )


@pytest.mark.django_db(transaction=True)
def test_two_leads_cannot_both_leave_at_once(world):
    Membership.objects.create(user=world.users["clerk"], role="lead", unit=world.unit)
    leads = list(Membership.objects.filter(unit=world.unit, role="lead").order_by("pk"))

    outcome = at_once(
        lambda n: actions.end_membership(
            membership=leads[n], actor=actor_of(leads[n].user), now=NOW
        ),
        times=2,
    )

    assert outcome == ["Conflict", "ok"]


@pytest.mark.django_db(transaction=True)
def test_one_of_several_takes_an_invitation_up(world):
    invitation = invited(world)

    outcome = at_once(
        lambda n: actions.take_up(
            invitation=invitation, now=NOW,
            actor=world.actors[("stranger", "other_lead", "reviewer", "approver")[n]],
        )
    )  # fmt: skip

    assert outcome == ["Conflict", "Conflict", "Conflict", "ok"]


# Claims.


def test_verified_claim_makes_the_claimant_lead_of_the_unit(world):
    made = claimed(world)
    assert [m.receiver.username for m in Message.objects.filter(kind="claim_waits")] == ["approver"]

    unit = actions.decide_claim(
        claim=made, granted=True, reason="", kind=kind(world), actor=world.actors["approver"],
        now=NOW,
    )  # fmt: skip

    assert (unit.name, unit.is_area, unit.division_id) == ("曲靖市", True, "5303")
    assert (role("stranger").role, role("stranger").unit) == ("lead", unit)
    assert Message.objects.get(kind="claim_granted").receiver == world.users["stranger"]


def test_refused_claim_says_why_and_gives_nothing(world):
    made = claimed(world)
    decide = {"claim": made, "granted": False, "kind": kind(world), "now": NOW}

    with pytest.raises(BadInput):
        actions.decide_claim(reason=" ", actor=world.actors["approver"], **decide)
    actions.decide_claim(reason="查无此文", actor=world.actors["approver"], **decide)

    made.refresh_from_db()
    assert (made.granted, made.reason) == (False, "查无此文")
    assert not Membership.objects.filter(user=world.users["stranger"]).exists()
    with pytest.raises(Conflict):
        actions.decide_claim(reason="x", actor=world.actors["approver"], **decide)


@pytest.mark.parametrize(
    ("code", "unit_type", "called", "who"),
    [
        ("5303", "prefecture", "", {"approver"}),
        ("53", "authority", "省某局", {"approver"}),
        ("0", "authority", "某部", {"national_officer"}),
        ("4331", "prefecture", "", {"other_approver"}),
        ("530302", "enterprise", "某某公司", {"approver"}),
    ],
)
def test_claim_is_for_the_nearest_office_above(world, code, unit_type, called, who):
    made = claimed(world, code, unit_type=unit_type, called=called)

    seeing = {
        name for name, actor in world.actors.items()
        if queries.claims_to_verify(actor).filter(pk=made.pk).exists()
    }  # fmt: skip
    assert seeing == who
    for name in set(world.actors) - who:
        with pytest.raises(NotAllowed):
            actions.decide_claim(
                claim=made, granted=True, reason="", kind=kind(world, unit_type),
                actor=world.actors[name], now=NOW,
            )  # fmt: skip


def test_places_own_office_does_not_verify_who_claims_it(world):
    Membership.objects.create(
        user=world.users["other_approver"], role="approver", programme="neac", tier="prefectural",
        area=Division.objects.get(code="5303"),
    )  # fmt: skip
    own = actor_of(world.users["other_approver"])

    assert not queries.claims_to_verify(own).filter(pk=claimed(world).pk).exists()
    school = claimed(world, name="clerk", unit_type="school", called="某中学")
    assert queries.claims_to_verify(own).get() == school
    assert not queries.claims_to_verify(world.actors["approver"]).filter(pk=school.pk).exists()


def test_without_a_provincial_office_the_country_verifies(world):
    Membership.objects.filter(tier="provincial", area="53").delete()
    made = claimed(world)

    assert queries.claims_to_verify(world.actors["national_officer"]).get() == made


@pytest.mark.parametrize(
    ("code", "unit_type", "grounds", "error"),
    [("530302", "prefecture", "x", BadInput), ("5303", "prefecture", " ", BadInput)],
)
def test_claim_has_to_fit(world, code, unit_type, grounds, error):
    with pytest.raises(error):
        claimed(world, code, unit_type=unit_type, grounds=grounds)


def test_one_claim_at_a_time(world):
    claimed(world)

    with pytest.raises(Conflict):
        claimed(world, "530302", unit_type="enterprise", called="某某公司")


# Pages.


def test_visitor_opens_an_account_and_takes_the_invitation_up(world):
    link = f"/people/invitations/{queries.token(invited(world))}/"
    world.client("lead")  # sets the site's time
    visitor = Client()
    page = visitor.get(link)
    assert page.status_code == 200

    opened = visitor.post("/people/account/", {
        "username": "new_clerk", "name": "新同事", "password": "long-enough-7312", "next": link,
    })  # fmt: skip
    assert opened.url == link
    assert visitor.get("/applications/").status_code == 403
    visitor.post(link)

    assert role("new_clerk").unit == world.unit
    assert visitor.get("/applications/").status_code == 200
    assert Client().get(link).status_code == 410


@pytest.mark.parametrize(
    "sent",
    [{"password": "1234"}, {"username": "lead"}, {"username": "a b"}, {"name": ""}],
)
def test_account_that_does_not_do_is_refused(world, sent):
    world.client("lead")
    form = {"username": "new_clerk", "name": "新同事", "password": "long-enough-7312"}

    assert Client().post("/people/account/", form | sent).status_code == 422
    assert not User.objects.filter(username="new_clerk").exists()


def test_account_leads_nowhere_else(world):
    world.client("lead")

    opened = Client().post("/people/account/", {
        "username": "new_clerk", "name": "新同事", "password": "long-enough-7312",
        "next": "https://example.org/",
    })  # fmt: skip

    assert opened.url == "/people/"


def test_claim_in_the_browser(world):
    stranger, approver = world.client("stranger"), world.client("approver")
    assert "曲靖市" in stranger.get("/people/claim/?q=曲靖").content.decode()
    stranger.post(
        "/people/claim/?place=5303", {"unit_type": "neac/prefecture", "grounds": "市办5号"}
    )
    made = Claim.objects.get()
    assert "曲靖市" in approver.get("/people/").content.decode()

    approver.post(f"/people/claims/{made.pk}/", {"grant": "1"})

    unit = Unit.objects.get(name="曲靖市")
    page = stranger.get(f"/people/units/{unit.pk}/").content.decode()
    assert "邀请" in page
    assert world.client("clerk").get(f"/people/units/{unit.pk}/").status_code == 404


def test_lead_manages_the_unit_in_the_browser(world):
    lead, address = world.client("lead"), f"/people/units/{world.unit.pk}/"
    lead.post(address, {"add_department": "1", "department_name": "市水利局"})
    lead.post(address, {"role": "contributor", "department": "市水利局"})
    invitation = Invitation.objects.get()

    assert queries.token(invitation) in lead.get(address).content.decode()
    assert Department.objects.filter(unit=world.unit, name="市水利局").count() == 1
    assert queries.token(invitation) not in world.client("clerk").get(address).content.decode()
    lead.post(f"/people/invitations/{invitation.pk}/withdraw/")
    assert queries.token(invitation) not in lead.get(address).content.decode()


def test_invitation_runs_out(world):
    invited(world, now=NOW - actions.LASTS - timedelta(seconds=1))

    assert not queries.open_invitations(NOW, unit=world.unit).exists()


def test_place_of_another_scheme_can_be_claimed_in_no_programme_of_china(world):
    Division.objects.create(
        code="PT", name="葡萄牙", name_en="Portugal", level="country", path="/PT/"
    )
    Division.objects.create(
        code="PT-01", name="阿威罗", level="prefecture", parent_id="PT", path="/PT/PT-01/"
    )
    stranger = world.client("stranger")

    page = stranger.get("/people/claim/?place=PT-01").content.decode()
    sent = stranger.post(
        "/people/claim/?place=PT-01", {"unit_type": "neac/prefecture", "grounds": "1"}
    )

    assert "neac/prefecture" not in page
    assert "neac/prefecture" in stranger.get("/people/claim/?place=5303").content.decode()
    assert sent.status_code == 422
    assert not Claim.objects.exists()
