"""The review clause by clause: opinions, typed returns, the hearing, what changed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.conftest import NOW, agree, write_facts
from tests.titled import ended, titled

from shifan.accounts.models import User
from shifan.applications.presentation.reviews import changes, last_handed_in, reviewed
from shifan.errors import BadInput, Conflict, NotAllowed
from shifan.ledger.queries import verify
from shifan.people.models import Membership
from shifan.people.queries import actor_of
from shifan.proceedings.actions import Refused, make_move
from shifan.statements.actions import DeadlinePassed, give_opinion, reply, state_fact
from shifan.statements.assessment import assess
from shifan.statements.models import Opinion, Reply


@pytest.fixture
def handed_in(world):
    """The unit's complete file at the provincial inspection."""
    proceeding = world.proceeding(facts=True)
    make_move(proceeding=proceeding, move_id="submit", actor=world.actors["lead"], now=NOW)
    write_facts(proceeding, {"provincial_check", "survey"})
    proceeding.refresh_from_db()
    return proceeding


def basis(proceeding, provision_id: str) -> str:
    return assess(proceeding, NOW).bases[provision_id]


def opine(world, proceeding, provision_id, verdict, **more):
    proceeding.refresh_from_db()
    return give_opinion(
        proceeding=proceeding, provision_id=provision_id, verdict=verdict,
        actor=more.pop("actor", world.actors["reviewer"]), now=more.pop("now", NOW),
        basis=more.pop("basis", None) or basis(proceeding, provision_id), **more,
    )  # fmt: skip


def colleague_of(world, name: str):
    """Somebody with the same role at the same office."""
    role = Membership.objects.get(user=world.users[name])
    other = User.objects.create(username=f"second_{name}", name="second")
    Membership.objects.create(
        user=other, role=role.role, programme=role.programme, tier=role.tier, area=role.area
    )
    return actor_of(other)


NO = {"leading_group_in_place": "否"}


def say_no(world, proceeding, now=NOW) -> None:
    """The clerk changes clause 1.1.1 of a complete file."""
    state_fact(
        proceeding=proceeding, provision_id="1.1.1", source="self", raw=NO,
        actor=world.actors["clerk"], now=now,
    )  # fmt: skip


def move(world, proceeding, move_id, by, **more):
    proceeding.refresh_from_db()
    return make_move(
        proceeding=proceeding, move_id=move_id, actor=world.actors[by],
        now=more.pop("now", NOW), **more,
    ).proceeding  # fmt: skip


def codes(refused) -> list[str]:
    return [refusal.code for refusal in refused.value.refusals]


def test_file_does_not_pass_before_every_clause_has_an_opinion(world, handed_in):
    with pytest.raises(Refused) as refused:
        move(world, handed_in, "pass", "reviewer")
    assert codes(refused) == ["not_reviewed"]

    agree(world, handed_in)

    assert move(world, handed_in, "pass", "reviewer").stage == "provincial_approval"


def test_adjustment_stands_beside_the_applicants_fact_and_counts(world, handed_in):
    before = assess(handed_in, NOW).situation.score.total

    opine(world, handed_in, "1.1.1", "adjust", reason="未见成立文件",
          raw=NO)  # fmt: skip

    assessment = assess(handed_in, NOW)
    said = {s.source: s.values["leading_group_in_place"] for s in assessment.statements["1.1.1"]}
    assert said == {"provincial_check": False, "self": True}
    assert assessment.situation.score.total == before - 2000
    assert assessment.opinions["1.1.1"].verdict == "adjust"


def counting(proceeding) -> str:
    """The source whose statement on 1.1.1 counts."""
    return assess(proceeding, NOW).statements["1.1.1"][0].source


@pytest.mark.parametrize(("verdict", "more"), [
    ("agree", {}),
    ("return", {"kind": "incorrect", "reason": "缺页"}),
])  # fmt: skip
def test_finding_goes_when_the_office_thinks_otherwise(world, handed_in, verdict, more):
    opine(world, handed_in, "1.1.1", "adjust", reason="未见文件", raw=NO)
    assert counting(handed_in) == "provincial_check"

    opine(world, handed_in, "1.1.1", verdict, **more)

    assert counting(handed_in) == "self"


def test_agreeing_with_the_rest_leaves_no_finding_of_a_fallen_adjustment(world, handed_in):
    """The applicant mends what was adjusted; the office then agrees: the mended fact counts."""
    opine(world, handed_in, "1.1.1", "adjust", reason="未见文件", raw=NO)
    opine(world, handed_in, "1.2.1", "return", kind="incomplete", reason="缺第二页")
    agree(world, handed_in)
    move(world, handed_in, "return", "reviewer", reason="请补")
    say_no(world, handed_in)
    proceeding = move(world, handed_in, "submit", "lead")
    assert "1.1.1" in assess(proceeding, NOW).situation.unreviewed

    agree(world, proceeding)

    assert counting(proceeding) == "self"


def test_adjusted_file_goes_by_way_of_the_hearing(world, handed_in):
    opine(world, handed_in, "1.1.1", "adjust", reason="未见文件", raw=NO)
    agree(world, handed_in)

    with pytest.raises(Refused) as refused:
        move(world, handed_in, "pass", "reviewer")
    assert codes(refused) == ["adjusted"]

    assert move(world, handed_in, "hear", "reviewer").stage == "applicant_hearing"


def test_unadjusted_file_has_nothing_to_be_heard_about(world, handed_in):
    agree(world, handed_in)

    with pytest.raises(Refused) as refused:
        move(world, handed_in, "hear", "reviewer")

    assert codes(refused) == ["nothing_to_hear"]


def test_applicant_replies_and_the_reply_goes_up_with_the_file(world, handed_in):
    opinion = opine(world, handed_in, "1.1.1", "adjust", reason="未见文件",
                    raw=NO)  # fmt: skip
    with pytest.raises(NotAllowed):
        reply(opinion=opinion, text="早了", actor=world.actors["lead"], now=NOW)
    agree(world, handed_in)
    move(world, handed_in, "hear", "reviewer")

    reply(opinion=opinion, text="文件见附件二", actor=world.actors["clerk"], now=NOW)
    move(world, handed_in, "answer", "lead")

    handed_in.refresh_from_db()
    assert handed_in.stage == "provincial_approval"
    shown = {r.provision.id: r for r in reviewed(assess(handed_in, NOW), {})}
    assert shown["1.1.1"].opinion.reply.text == "文件见附件二"
    with pytest.raises(NotAllowed):
        reply(opinion=opinion, text="晚了", actor=world.actors["lead"], now=NOW)
    assert Reply.objects.count() == 1


def test_silence_ends_with_the_hearing(world, handed_in):
    opine(world, handed_in, "1.1.1", "adjust", reason="未见文件", raw=NO)
    agree(world, handed_in)
    move(world, handed_in, "hear", "reviewer")

    with pytest.raises(Refused) as refused:
        move(world, handed_in, "proceed", "reviewer")
    assert codes(refused) == ["too_early"]
    with pytest.raises(Refused) as refused:
        move(world, handed_in, "answer", "lead", now=NOW + timedelta(days=20))
    assert codes(refused) == ["too_late"]

    later = move(world, handed_in, "proceed", "reviewer", now=NOW + timedelta(days=20))

    assert later.stage == "provincial_approval"


@pytest.mark.parametrize(("verdict", "more", "sentence"), [
    ("adjust", {"raw": NO}, "Give a reason for it."),
    ("return", {"kind": "incorrect"}, "Give a reason for it."),
    ("return", {"reason": "缺页"}, "Choose what kind of return it is."),
    ("return", {"reason": "缺页", "kind": "whatever"}, "Choose what kind of return it is."),
    ("maybe", {}, "Choose an opinion."),
])  # fmt: skip
def test_opinion_without_what_it_needs_is_refused(world, handed_in, verdict, more, sentence):
    with pytest.raises(BadInput) as refused:
        opine(world, handed_in, "1.1.1", verdict, **more)

    assert [text.en for text in refused.value.sentences()] == [sentence]
    assert Opinion.objects.count() == 0


def test_opinion_given_over_a_colleagues_that_was_not_shown_is_refused(world, handed_in):
    colleague = colleague_of(world, "reviewer")
    shown = opine(world, handed_in, "1.1.1", "agree", over=0)
    theirs = opine(world, handed_in, "1.1.1", "return", kind="incorrect", reason="缺页",
                   actor=colleague, over=shown.pk)  # fmt: skip

    assert opine(world, handed_in, "1.1.1", "agree", over=theirs.pk)
    with pytest.raises(Conflict, match="A colleague agreed"):
        opine(world, handed_in, "1.1.1", "return", kind="incorrect", reason="x", over=theirs.pk,
              actor=colleague)  # fmt: skip

    (stands,) = Opinion.objects.filter(superseded_at=None)
    assert (stands.verdict, stands.by.username) == ("agree", "reviewer")


def test_page_older_than_a_colleagues_opinion_shows_it_and_what_was_typed(world, handed_in):
    client = world.client("reviewer")
    address = f"/applications/{handed_in.pk}/review/1.1.1/"
    before = client.get(address).content.decode()
    opine(world, handed_in, "1.1.1", "return", kind="incorrect", reason="缺页",
          actor=colleague_of(world, "reviewer"))  # fmt: skip
    sent = {"basis": basis(handed_in, "1.1.1"), "verdict": "adjust", "reason": "我的意见", **NO}

    answer = client.post(address, {**sent, "over": "0"})
    said = answer.content.decode()

    assert 'name="over" value="0"' in before
    assert answer.status_code == 409
    assert "同事已提出意见：退回" in said
    assert "我的意见" in said
    assert Opinion.objects.get(superseded_at=None).verdict == "return"
    assert client.post(address, sent).status_code == 400
    over = Opinion.objects.get(superseded_at=None).pk
    assert client.post(address, {**sent, "over": over}).status_code == 302


def test_opinion_on_what_the_reviewer_did_not_see_is_refused(world, handed_in):
    with pytest.raises(Conflict):
        opine(world, handed_in, "1.1.1", "agree", basis="0" * 64)

    assert Opinion.objects.count() == 0


@pytest.mark.parametrize("name", ["lead", "other_reviewer", "approver", "national_reviewer"])
def test_only_the_reviewer_in_charge_gives_opinions(world, handed_in, name):
    with pytest.raises(NotAllowed):
        opine(world, handed_in, "1.1.1", "agree", actor=world.actors[name])


def returned(world, handed_in):
    """The file back with the applicant: one clause incorrect, one incomplete."""
    opine(world, handed_in, "1.1.1", "return", kind="incorrect", reason="日期有误")
    opine(world, handed_in, "1.2.1", "return", kind="incomplete", reason="缺第二页")
    agree(world, handed_in)
    with pytest.raises(Refused) as refused:
        move(world, handed_in, "pass", "reviewer")
    assert codes(refused) == ["marked_for_return"]
    return move(world, handed_in, "return", "reviewer", reason="两条请改正")


def test_returned_clauses_have_deadlines_of_their_own(world, handed_in):
    """Five working days for what is incorrect, ten for what is incomplete."""
    proceeding = returned(world, handed_in)
    clerk = world.actors["clerk"]

    def mend(provision_id, column, at):
        state_fact(proceeding=proceeding, provision_id=provision_id, source="self",
                   raw={column: "否"}, actor=clerk, now=at)  # fmt: skip

    mend("1.1.1", "leading_group_in_place", NOW + timedelta(days=6))
    with pytest.raises(DeadlinePassed) as refused:
        mend("1.1.1", "leading_group_in_place", NOW + timedelta(days=8))
    assert (
        refused.value.sentences()[0].zh
        == "“更正不实或有误内容的期限”已于 2026-12-08 23:59:59 截止。"
    )
    mend("1.2.1", "implementation_plan_issued", NOW + timedelta(days=13))
    with pytest.raises(DeadlinePassed):
        mend("1.2.1", "implementation_plan_issued", NOW + timedelta(days=15))


def test_file_comes_back_within_the_longest_deadline_of_its_clauses(world, handed_in):
    returned(world, handed_in)

    with pytest.raises(Refused) as refused:
        move(world, handed_in, "submit", "lead", now=NOW + timedelta(days=15))
    assert codes(refused) == ["too_late"]

    again = move(world, handed_in, "submit", "lead", now=NOW + timedelta(days=14))
    assert again.stage == "provincial_inspection"


def test_resubmission_shows_only_what_changed_and_asks_only_for_that(world, handed_in):
    proceeding = returned(world, handed_in)
    say_no(world, proceeding)
    move(world, handed_in, "submit", "lead", now=NOW + timedelta(hours=1))
    proceeding.refresh_from_db()

    assessment = assess(proceeding, NOW)
    previous = last_handed_in(assessment)

    assert previous is not None
    assert changes(previous, assessment) == {"1.1.1"}
    lines = {line.provision.id: line for line in reviewed(assessment, {})}
    assert lines["1.1.1"].before.brief.zh == "是"
    assert [line.provision.id for line in lines.values() if line.opinion is None] == [
        "1.1.1",
        "1.2.1",
    ]
    assert [line.provision.id for line in lines.values() if line.changed] == ["1.1.1"]


def test_changed_evidence_unsettles_an_opinion(world, handed_in):
    from shifan.evidence.models import Attachment
    from shifan.vault.models import StoredFile

    opine(world, handed_in, "1.1.1", "agree")
    stored = StoredFile.objects.create(sha256="b" * 64, size=1, media_type="application/pdf",
                                       stored_at=NOW)  # fmt: skip
    Attachment.objects.create(proceeding=handed_in, provision="1.1.1", file=stored, name="b.pdf",
                              attached_at=NOW)  # fmt: skip

    assert "1.1.1" in assess(handed_in, NOW).situation.unreviewed


def test_approval_asks_for_its_document(world, handed_in):
    agree(world, handed_in)
    move(world, handed_in, "pass", "reviewer")

    with pytest.raises(Refused) as refused:
        move(world, handed_in, "approve_area", "approver", document="  ")
    assert codes(refused) == ["document_missing"]

    move(world, handed_in, "approve_area", "approver", document="云政函〔2026〕88号")
    assert handed_in.steps.last().document == "云政函〔2026〕88号"
    assert verify()["ok"] is True


def test_submission_within_the_grace_is_taken_and_marked(world):
    proceeding = world.proceeding(facts=True)
    late = NOW.replace(year=2027, month=2, day=28, hour=16, minute=10)

    make_move(proceeding=proceeding, move_id="submit", actor=world.actors["lead"], now=late)

    assert [(s.move, s.in_grace) for s in proceeding.steps.all()] == [
        ("start", False), ("submit", True),
    ]  # fmt: skip


def test_facts_are_not_changed_after_the_deadline(world):
    proceeding = world.proceeding(facts=True)
    late = NOW.replace(year=2027, month=3, day=2)

    with pytest.raises(DeadlinePassed) as refused:
        say_no(world, proceeding, late)

    assert "2027-02-28 23:59:59" in refused.value.sentences()[0].en


def test_sealed_snapshot_is_the_digest_of_what_it_holds(world, handed_in):
    from shifan.proof.digest import digest

    step = handed_in.steps.get(move="submit")

    assert digest(step.snapshot) == step.sealed
    assert step.snapshot["rulebook"] == world.cycle.rulebook.digest
    assert step.snapshot["statements"]["1.1.1"] == {"self": {"leading_group_in_place": "true"}}


def test_revoked_title_bars_for_three_years(world):
    ended(titled(world.unit, "national", date(2022, 1, 1), batch=9), date(2025, 6, 1))
    proceeding = world.proceeding(facts=True)

    with pytest.raises(Refused) as refused:
        move(world, proceeding, "submit", "lead")
    assert codes(refused) == ["barred"]
    assert (
        refused.value.refusals[0].text.zh
        == "该单位的称号已于 2025-06-01 撤销，2028-06-01 之前不得申报。"
    )


def test_title_revoked_long_ago_bars_no_more(world):
    ended(titled(world.unit, "national", date(2022, 1, 1), batch=9), date(2023, 12, 31))
    proceeding = world.proceeding(facts=True)

    assert move(world, proceeding, "submit", "lead").stage == "provincial_inspection"


def test_return_of_the_national_office_ends_when_the_file_is_back_there(world, handed_in):
    """It never blocks the province, and is not taken for an opinion the second time."""
    agree(world, handed_in)
    move(world, handed_in, "pass", "reviewer")
    move(world, handed_in, "approve_area", "approver", document="1号")
    opine(
        world, handed_in, "1.1.1", "return", kind="update", reason="数据过期",
        actor=world.actors["national_reviewer"],
    )  # fmt: skip
    move(world, handed_in, "return", "national_reviewer", reason="请更新")
    assert assess_now(handed_in).situation.returned == {}
    move(world, handed_in, "pass", "reviewer")
    move(world, handed_in, "approve_area", "approver", document="2号")

    found = Opinion.objects.get(office="national")

    assert found.superseded_at is not None
    assert assess_now(handed_in).opinions == {}


def assess_now(proceeding):
    proceeding.refresh_from_db()
    return assess(proceeding, NOW)


def test_findings_are_not_shown_to_the_applicant_before_they_are_handed_on(world, handed_in):
    """The reviewer's figure, its remark, the total it gives and the verdict are there to leak."""
    opine(world, handed_in, "1.1.1", "adjust", reason="内部意见", raw=NO)
    handed_in.refresh_from_db()
    total = f"{handed_in.total / 1000:.2f}"
    base = f"/applications/{handed_in.pk}/"
    pages = ("/applications/", base, base + "clauses/1.1.1/", base + "steps/")

    def read(name: str) -> str:
        client = world.client(name)
        return "".join(client.get(page).content.decode() for page in pages)

    for name in ("clerk", "lead"):
        assert "内部意见" not in read(name)
        assert total not in read(name)
    assert "内部意见" in read("reviewer")
    assert total in read("reviewer")
    agree(world, handed_in)
    move(world, handed_in, "hear", "reviewer")
    assert "内部意见" in read("lead")
    assert total in read("lead")
