"""Who answers for which clause: give tasks, see how far each department has come."""

from __future__ import annotations

from collections import Counter
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from shifan.accounts import policy
from shifan.applications.presentation import scores
from shifan.applications.presentation import tasks as presentation
from shifan.applications.views import file
from shifan.errors import BadInput
from shifan.requests import ActorRequest, get_or_404
from shifan.rulebook.base import Text
from shifan.statements import actions
from shifan.statements.assessment import Assessment


@require_http_methods(["GET", "HEAD", "POST"])
def tasks(request: ActorRequest, proceeding_id: UUID) -> HttpResponse:
    """The clauses by department with their dates; leads and clerks give them out."""
    assessment = file.assessment_for(request, proceeding_id)
    proceeding = assessment.proceeding
    policy.require(request.actor, "applications.view_tasks", proceeding)
    if request.method == "POST":
        return _give(request, assessment)
    by_id = scores.rows(assessment, file.evidence_counts(proceeding))
    mine = policy.provisions(request.actor, proceeding)
    wanted = [each for each in actions.givable(proceeding) if mine is None or each in mine]
    held = list(proceeding.tasks.select_related("department"))
    lines = presentation.given(by_id, wanted, held, _today(request, assessment))
    shares = presentation.shares(lines)
    context = {
        **file.page_context(request, assessment),
        "shares": shares,
        "departments": proceeding.concerned.departments.all(),
        "weeks": _weeks(assessment),
        "may_give": policy.allows(request.actor, "applications.give_tasks", proceeding),
        "total": sum(share.count for share in shares),
        "done": sum(share.done for share in shares),
    }
    return render(request, "applications/tasks.html", context)


def _give(request: ActorRequest, assessment: Assessment) -> HttpResponse:
    proceeding, posted = assessment.proceeding, request.POST
    department = None
    if "take_back" not in posted:
        chosen = posted.get("department", "")
        if not chosen.isdecimal():
            raise BadInput(Text(zh="请选择部门。", en="Choose a department."))
        department = get_or_404(proceeding.concerned.departments.all(), pk=chosen)
    changed = actions.give_tasks(
        proceeding=proceeding, provision_ids=posted.getlist("provision"), department=department,
        due_on=_day(posted.get("due_on", "")), actor=request.actor, now=request.now,
    )  # fmt: skip
    said = ngettext("%(n)s clause changed.", "%(n)s clauses changed.", changed)
    messages.success(request, said % {"n": changed})
    return redirect("applications:tasks", proceeding.pk)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise BadInput(Text(zh="日期无效。", en="That is not a date."))
    return day


def _today(request: ActorRequest, assessment: Assessment) -> date:
    return request.now.astimezone(ZoneInfo(assessment.situation.measures.time_zone)).date()


def _weeks(assessment: Assessment) -> list[tuple[str, int]]:
    """How many provisions were first stated in each week, by ISO week, oldest first."""
    zone = ZoneInfo(assessment.situation.measures.time_zone)
    first: dict[str, date] = {}
    rows = assessment.proceeding.facts.order_by("stated_at").values_list("provision", "stated_at")
    for provision_id, at in rows:
        first.setdefault(provision_id, at.astimezone(zone).date())
    counts = Counter(f"{day.isocalendar()[0]}-W{day.isocalendar()[1]:02}" for day in first.values())
    return sorted(counts.items())
