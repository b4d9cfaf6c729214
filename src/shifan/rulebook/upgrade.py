"""From format 1 of a rule book, which knew one process, to procedures.

Works on plain values, so that what was published, and a folder that an author still has, are read
alike; what is malformed passes through for the model to name. Format 1 had ``stages`` with a closed
list of outcomes, ``deadlines``, ``return_kinds``, ``validity`` and ``aftercare``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shifan.rulebook.yaml_lines import Place

PARAMETERS = {
    "title_held": ("level",),
    "input_at_least": ("input", "at_least"),
    "not_barred": ("years",),
}
"""What each condition of format 1 really had, of the fields all conditions shared."""

GONE = ("stages", "deadlines", "return_kinds", "validity", "aftercare")
"""The keys of format 1 that became procedures."""


def is_old(measures: Any) -> bool:
    """Whether these are measures of format 1."""
    return isinstance(measures, dict) and "stages" in measures and "procedures" not in measures


def upgrade(measures: dict[str, Any]) -> dict[str, Any]:
    """The measures of format 1 in the present one; ``procedures`` stand where ``stages`` stood."""
    found: dict[str, Any] = {}
    for key, value in measures.items():
        if key == "stages":
            found["procedures"] = [_application(measures), *_duties(measures)]
        elif key not in GONE:
            found[key] = value
    return found


def old_place(place: Place) -> Place:
    """Where in the old file stands what is at ``place`` of the upgraded measures."""
    if place[:1] != ("procedures",) or len(place) < 2:
        return place
    if place[1] != 0:
        return ("aftercare", int(place[1]) - 1, *place[2:])
    if "effects" in place:
        return ("validity",)
    inner = tuple(step for step in place[2:] if step != "when")
    return inner if inner[:1] and inner[0] in GONE else ("stages",)


def _application(measures: dict[str, Any]) -> dict[str, Any]:
    stages = measures["stages"]
    first = stages[0] if isinstance(stages, list) and stages else {}
    outcomes = {
        stage.get("id"): (stage.get("outcome"), stage.get("article"))
        for stage in (stages if isinstance(stages, list) else ())
        if isinstance(stage, dict)
    }
    validity = measures.get("validity")
    validity = validity if isinstance(validity, dict) else {}
    procedure: dict[str, Any] = {
        "id": "application",
        "name": {"zh": "申报与命名", "en": "Application and naming"},
        "article": first.get("article", 1) if isinstance(first, dict) else 1,
        "about": "unit",
        "opens": {"by": {"office": "applicant", "role": "clerk"}},
    }
    if "deadlines" in measures:
        procedure["deadlines"] = _each(measures["deadlines"], _deadline)
    if "return_kinds" in measures:
        procedure["return_kinds"] = measures["return_kinds"]

    def stage(old: dict[str, Any]) -> dict[str, Any]:
        ends = not old.get("moves") or old.get("outcome") is None
        new = {key: value for key, value in old.items() if key != "outcome" or not ends}
        if "moves" in old:
            new["moves"] = _each(old["moves"], lambda move: _move(move, outcomes, validity))
        if old is first and validity.get("renew_in_last_months") is not None:
            new["moves"] = _each(new.get("moves", []), lambda m: _window(m, outcomes, validity))
        return new

    procedure["stages"] = _each(stages, stage)
    return procedure


def _each(values: Any, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    if not isinstance(values, list):
        return values
    return [change(each) if isinstance(each, dict) else each for each in values]


def _deadline(old: dict[str, Any]) -> dict[str, Any]:
    new = {k: v for k, v in old.items() if k not in ("on", "at", "after_stage", "days", "kind")}
    when: dict[str, Any] = {}
    if old.get("on") is not None:
        when["on"] = old["on"]
    if old.get("days") is not None:
        kind = "days" if old.get("kind", "working") == "calendar" else "working_days"
        when[kind] = old["days"]
    if old.get("after_stage") is not None:
        when["after"] = {"stage": old["after_stage"]}
    if "at" in old:
        when["at"] = old["at"]
    return {**new, "when": when}


def _move(
    old: dict[str, Any], outcomes: dict[Any, tuple[Any, Any]], validity: dict[str, Any]
) -> dict[str, Any]:
    new = dict(old)
    if "needs" in old:
        new["needs"] = _each(old["needs"], _need)
    to = old.get("to")
    outcome, article = outcomes.get(to, (None, None)) if isinstance(to, str) else (None, None)
    if outcome == "designated":
        award = {"article": validity.get("article"), "years": validity.get("years")}
        new["effects"] = [{"award": {k: v for k, v in award.items() if v is not None}}]
    elif outcome == "declined":
        new["effects"] = [{"decline": {} if article is None else {"article": article}}]
    return new


def _need(old: dict[str, Any]) -> dict[str, Any]:
    mine = PARAMETERS.get(str(old.get("guard")), ())
    shared = {name for names in PARAMETERS.values() for name in names}
    return {
        key: value
        for key, value in old.items()
        if key not in shared or (key in mine and value is not None)
    }


def _window(
    move: dict[str, Any], outcomes: dict[Any, tuple[Any, Any]], validity: dict[str, Any]
) -> dict[str, Any]:
    """The move that hands in, with the time in which a holder may apply again."""
    if outcomes.get(move.get("to"), (None, None))[0] is not None:
        return move
    need = {"guard": "renewal_window", "article": validity.get("article", 1)}
    need["months"] = validity["renew_in_last_months"]
    needs = move.get("needs", [])
    return {**move, "needs": [*needs, need]} if isinstance(needs, list) else move


def _duties(measures: dict[str, Any]) -> list[Any]:
    duties = measures.get("aftercare", [])
    tiers = measures.get("tiers")
    highest = tiers[0].get("id") if isinstance(tiers, list) and tiers else None
    ids = {each.get("kind"): each.get("id") for each in duties if isinstance(each, dict)}
    return [
        _duty(each, str(highest), ids.get("revocation")) if isinstance(each, dict) else each
        for each in (duties if isinstance(duties, list) else ())
    ]


def _duty(old: dict[str, Any], office: str, revocation: str | None) -> dict[str, Any]:
    """A duty as a procedure about the title, carried out by the officer of the highest tier."""
    article, kind = old.get("article"), old.get("kind")
    officer = {"office": office, "role": "officer"}
    known = {"id", "name", "article", "kind", "every_months", "within_days"}
    new: dict[str, Any] = {key: value for key, value in old.items() if key not in known}
    new |= {key: old[key] for key in ("id", "name", "article") if key in old}
    new |= {"about": "title", "opens": {"by": officer}}
    if old.get("every_months") is not None:
        every = old["every_months"]
        when = {"months": every, "after": "term_start"}
        new["opens"] = {"by": "clock", "when": when, "every_months": every}
    elif kind not in ("rectification", "revocation"):
        new["opens"] = {"by": "clock"}  # a duty without its period: the model misses it
    if old.get("within_days") is not None:
        when = {"days": old["within_days"], "after": "opened"}
        new["deadlines"] = [{"id": "time", "name": old.get("name"), "article": article,
                             "when": when}]  # fmt: skip
    done = _way("done", "完成", "Done", officer)
    moves = [
        done,
        {**_way("over", "称号到期，未开展", "The title ended first", "clock"), "after": "term_end"},
    ]
    if kind == "rectification":
        failed = {**_way("failed", "整改不到位", "Not put right", officer), "reason": True}
        if "deadlines" in new:
            failed["after"] = "time"
        if revocation is not None:
            failed["effects"] = [{"open": {"procedure": revocation, "about": "title"}}]
        moves = [_way("mended", "整改到位", "Put right", officer), failed]
    elif kind == "revocation":
        revoke = {**_way("revoke", "撤销命名", "Revoke", officer), "reason": True}
        if "deadlines" in new:
            revoke["before"] = "time"
        revoke["effects"] = [{"revoke": {} if article is None else {"article": article}}]
        moves = [revoke, {**_way("dismiss", "不予撤销", "Do not revoke", officer), "reason": True}]
    new["stages"] = [
        {"id": "running", "name": {"zh": "进行中", "en": "Under way"}, "article": article,
         "moves": moves},
        {"id": "closed", "name": {"zh": "已办结", "en": "Closed"}, "article": article},
    ]  # fmt: skip
    return new


def _way(id_: str, zh: str, en: str, by: Any) -> dict[str, Any]:
    return {"id": id_, "name": {"zh": zh, "en": en}, "to": "closed", "by": by}
