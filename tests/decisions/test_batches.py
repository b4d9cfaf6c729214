"""A batch: files put together, put on notice for anyone to read and object to, released at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from tests.conftest import NOW

from shifan.accounts.actor import SYSTEM, Actor, Office
from shifan.accounts.models import User
from shifan.applications.actions import start
from shifan.cycles.actions import open_cycle, publish
from shifan.decisions import queries
from shifan.decisions.actions import gather, object_to, open_batch, take_out
from shifan.errors import BadInput, Conflict, NotAllowed
from shifan.ledger.queries import verify
from shifan.people.models import Membership
from shifan.proceedings.actions import Refused, make_move
from shifan.proceedings.actions.carrying import come_to
from shifan.proceedings.models import Proceeding, Snapshot
from shifan.proceedings.queries import in_full
from shifan.rulebook.loader import load
from shifan.titles.models import Title
from shifan.units.actions import register_unit
from shifan.units.models import Division

LIFE = "neac_life"


def office(role, area="/"):
    return Actor(role, role, None, offices=frozenset({Office(LIFE, "national", role, area)}))


OFFICER, APPROVER, REVIEWER = office("officer"), office("approver"), office("reviewer")


@pytest.fixture
def files(divisions):
    """Three counties whose applications wait to be put into a batch."""
    book = load(f"tests/books/{LIFE}")
    published = publish(book=book, actor=SYSTEM, now=NOW)
    cycle = open_cycle(rulebook=published, year=2026, batch=1, actor=SYSTEM, now=NOW)
    kind = book.measures.unit_type("county")
    made = []
    for code in ("433101", "530302", "530402"):
        place = Division.objects.get(code=code)
        unit = register_unit(name=place.name, kind=kind, division=place, actor=SYSTEM, now=NOW)
        clerk = Actor("clerk", "clerk", None, units=frozenset({(unit.pk, "clerk")}))
        made.append(start(unit=unit, cycle=cycle, actor=clerk, now=NOW))
    Proceeding.objects.filter(cycle=cycle).update(stage="in_batch")
    rows = list(in_full(Proceeding.objects.filter(cycle=cycle).order_by("unit__division")))
    come_to([(row, row.procedure.stage(row.stage)) for row in rows], NOW)
    return rows


@pytest.fixture
def batch(files):
    made = open_batch(
        cycle=files[0].cycle, procedure_id="batch", area="/", actor=OFFICER, now=NOW
    )  # fmt: skip
    gather(batch=made, files=[each.pk for each in files], actor=APPROVER, now=NOW)
    return made


def publish_notice(batch, now=NOW):
    make_move(proceeding=batch, move_id="publish", actor=APPROVER, now=now, document="公示 1 号")
    batch.refresh_from_db()


def release(batch, now):
    make_move(proceeding=batch, move_id="release", actor=APPROVER, now=now, document="命名 1 号")


AFTER = NOW + timedelta(days=20)


def signed_in(*roles):
    """A browser of somebody with these roles in the national office."""
    user = User.objects.create(username="chief")
    for role in roles:
        Membership.objects.create(
            user=user, role=role, programme=LIFE, tier="national",
            area=Division.objects.get(code="0"),
        )  # fmt: skip
    browser = Client()
    browser.force_login(user)
    return browser


def stages(files):
    return [Proceeding.objects.get(pk=each.pk).stage for each in files]


def test_whole_list_is_named_at_once_when_the_notice_is_over(files, batch):
    publish_notice(batch)
    with pytest.raises(Refused):
        release(batch, NOW + timedelta(days=2))

    release(batch, AFTER)

    assert stages(files) == ["named"] * 3
    assert Title.objects.filter(programme=LIFE, level="national").count() == 3
    assert verify()["ok"] is True


def test_nobody_names_a_file_but_the_batch(files, batch):
    for actor in (OFFICER, APPROVER):
        with pytest.raises(Refused):
            make_move(proceeding=files[0], move_id="name", actor=actor, now=NOW)


def test_batch_is_begun_once_by_the_office_the_rule_book_names(files, batch):
    asked = {"cycle": files[0].cycle, "procedure_id": "batch", "now": NOW}
    with pytest.raises(Conflict):
        open_batch(**asked, area="/", actor=OFFICER)
    for actor, area in ((APPROVER, "/"), (OFFICER, "/53/"), (office("officer", "/53/"), "/")):
        with pytest.raises(NotAllowed):
            open_batch(**asked, area=area, actor=actor)


def test_what_cannot_be_gathered_keeps_all_out(files):
    made = open_batch(cycle=files[0].cycle, procedure_id="batch", area="/", actor=OFFICER, now=NOW)
    Proceeding.objects.filter(pk=files[1].pk).update(stage="inspection")
    with pytest.raises(Conflict):
        gather(batch=made, files=[each.pk for each in files], actor=APPROVER, now=NOW)
    with pytest.raises(NotAllowed):
        gather(batch=made, files=[files[0].pk], actor=REVIEWER, now=NOW)

    assert not queries.lines(made).exists()


def test_disputed_line_holds_the_release_until_it_is_taken_out(files, batch):
    publish_notice(batch)
    objection = object_to(batch=batch, line=files[0].pk, text="材料与实际不符", now=NOW)
    with pytest.raises(Conflict) as refused:
        release(batch, AFTER)
    assert files[0].unit.name in str(refused.value.sentences())
    with pytest.raises(BadInput):
        take_out(line=Proceeding.objects.get(pk=files[0].pk), reason="", actor=APPROVER, now=AFTER)

    take_out(
        line=Proceeding.objects.get(pk=files[0].pk), reason="核实异议", actor=APPROVER, now=AFTER
    )
    release(batch, AFTER)

    assert stages(files) == ["in_batch", "named", "named"]
    assert (objection.stage, objection.unit) == ("received", files[0].unit)


def test_same_words_are_one_objection_and_late_ones_are_none(files, batch):
    publish_notice(batch)
    first = object_to(batch=batch, line=files[0].pk, text="材料与实际不符", now=NOW)
    assert object_to(batch=batch, line=files[0].pk, text=" 材料与实际不符 ", now=NOW) == first
    assert object_to(batch=batch, line=files[1].pk, text="材料与实际不符", now=NOW) != first
    end = queries.notice_end(batch).at
    object_to(batch=batch, line=files[0].pk, text="最后一刻", now=end)
    for text, at in (("迟到", end + timedelta(seconds=1)), ("x", AFTER)):
        with pytest.raises(NotAllowed):
            object_to(batch=batch, line=files[0].pk, text=text, now=at)
    for text in ("", " ", "长" * 1001):
        with pytest.raises(BadInput):
            object_to(batch=batch, line=files[0].pk, text=text, now=NOW)


def test_anyone_reads_the_notice_objects_and_follows_the_answer(files, batch):
    visitor = Client()
    assert files[0].unit.name not in visitor.get("/notices/").content.decode()
    assert visitor.get(f"/notices/{batch.pk}/").status_code == 404
    publish_notice(batch)

    assert f"/notices/{batch.pk}/" in visitor.get("/").content.decode()
    page = visitor.get(f"/notices/{batch.pk}/").content.decode()

    assert all(each.unit.name in page for each in files)
    assert "公示 1 号" in page
    form = f"/notices/{batch.pk}/object/{files[0].pk}/"
    assert visitor.post(form, {"text": ""}).status_code == 422
    sent = visitor.post(form, {"text": "材料与实际不符"})
    assert "材料与实际不符" in visitor.get(sent["Location"]).content.decode()
    (objection,) = queries.objections()
    make_move(proceeding=objection, move_id="refuse", actor=REVIEWER, now=NOW, reason="与事实不符")
    assert "与事实不符" in visitor.get(sent["Location"]).content.decode()
    assert visitor.get(f"/notices/objections/{files[0].pk}/").status_code == 404


def test_office_fills_the_batch_in_the_browser(files):
    browser = signed_in("officer", "approver")
    assert "2026" in browser.get("/batches/").content.decode()

    made = browser.post(f"/batches/begin/{files[0].cycle.pk}/batch/", {"area": "/"})
    batch = made["Location"]
    assert files[0].unit.name in browser.get(batch).content.decode()
    browser.post(f"{batch}gather/", {"file": [each.pk for each in files]})
    (row,) = queries.batches_for(OFFICER)
    assert queries.lines(row).count() == 3
    browser.post(f"{batch}out/{files[2].pk}/", {})
    assert queries.lines(row).count() == 2
    steps = browser.get(f"/proceedings/{row.pk}/").content.decode()
    assert f"/batches/{row.pk}/" in steps
    browser.post(f"/proceedings/{row.pk}/move/publish/", {"document": "公示 1 号"})
    assert str(row.pk) in browser.get("/notices/").content.decode()
    assert browser.post(f"{batch}gather/", {"file": ["x"]}).status_code == 400


def test_batch_of_another_programme_is_nobodys(files, batch):
    foreign = Actor(
        "far", "far", None, offices=frozenset({Office("neac", "national", "officer", "/")})
    )  # fmt: skip
    assert not queries.batches_for(foreign).exists()
    with pytest.raises(NotAllowed):
        gather(batch=batch, files=[], actor=foreign, now=NOW)


def test_what_is_sealed_with_a_notice_is_the_list_itself(files, batch):
    publish_notice(batch)
    announced = batch.steps.get(move="publish")
    sealed = Snapshot.objects.get(digest=announced.sealed).content

    assert {line[1] for line in sealed["lines"]} == {str(each.unit_id) for each in files}
    take_out(
        line=Proceeding.objects.get(pk=files[0].pk), reason="核实异议", actor=APPROVER, now=AFTER
    )
    release(batch, AFTER)
    assert batch.steps.get(move="release").sealed != announced.sealed


def test_named_file_has_the_document_of_its_list(files, batch):
    publish_notice(batch)
    release(batch, AFTER)

    assert files[0].steps.get(move="name").document == "命名 1 号"


def test_history_says_that_somebody_without_an_account_began_it(files, batch):
    publish_notice(batch)
    objection = object_to(batch=batch, line=files[0].pk, text="材料与实际不符", now=NOW)
    page = signed_in("reviewer").get(f"/proceedings/{objection.pk}/").content.decode()

    assert "未登录者" in page
    assert "自动" not in page.split("经过")[-1]


def test_home_shows_a_notice_while_it_runs_and_the_list_of_notices_for_good(files, batch):
    publish_notice(batch)
    release(batch, AFTER)

    assert f"/notices/{batch.pk}/" not in Client().get("/").content.decode()
    assert f"/notices/{batch.pk}/" in Client().get("/notices/").content.decode()


def test_release_says_that_all_files_move_together(files, batch):
    publish_notice(batch)

    page = signed_in("approver").get(f"/proceedings/{batch.pk}/").content.decode()

    assert "所列各件同时办理" in page
    assert "way-all" in page


def test_stage_come_to_after_its_clock_is_left_at_once_and_not_before(files, batch):
    publish_notice(batch)
    objection = object_to(batch=batch, line=files[0].pk, text="材料与实际不符", now=NOW)
    late = NOW + timedelta(days=60)

    make_move(proceeding=objection, move_id="take_up", actor=REVIEWER, now=late)

    objection.refresh_from_db()
    assert (objection.stage, objection.stage_since) == ("examined", late)
    assert [s.move for s in objection.steps.order_by("at", "pk")] == ["start", "take_up", "go_on"]
