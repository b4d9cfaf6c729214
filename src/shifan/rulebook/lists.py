"""The notice of each file, as format 1 had it, as the notice of a list.

Only for the folder of an author: what was published with a notice of each file keeps it.
"""

from __future__ import annotations

from typing import Any

GATHERING, NOTICE, RELEASED = "gathering", "on_notice", "released"


def with_lists(measures: dict[str, Any]) -> dict[str, Any]:
    """Upgraded measures in which the files of a public stage with one way to an award are gathered
    in a batch, put on notice there and named together."""
    procedures = []
    for procedure in measures["procedures"]:
        made = _listed(procedure) if procedure.get("about") == "unit" else None
        procedures += made or [procedure]
    return {**measures, "procedures": procedures}


def _listed(procedure: dict[str, Any]) -> list[dict[str, Any]] | None:
    """The procedure whose files wait for their list, and the batch; None where there is no such
    stage."""
    stages = procedure["stages"]
    for stage in stages if isinstance(stages, list) else ():
        moves = stage.get("moves", []) if isinstance(stage, dict) and stage.get("public") else []
        naming = [move for move in moves if any("award" in e for e in move.get("effects", ()))]
        if len(naming) == 1:
            break
    else:
        return None
    move, own = naming[0], procedure.get("deadlines", [])
    waits = [each for each in own if each["id"] == move.get("after")]
    gone = [each for each in waits if each["when"].get("after") == {"stage": stage["id"]}]
    dates = [each for each in own if each not in gone]
    made = {**move, "by": "move"}
    made.pop("after", None)
    quiet = {key: value for key, value in stage.items() if key != "public"}
    quiet["moves"] = [made if each is move else each for each in moves]
    new = {**procedure, "stages": [quiet if each is stage else each for each in stages]}
    if "deadlines" in new:
        new["deadlines"] = dates
        if not dates:
            del new["deadlines"]
    return [new, _batch(procedure, stage, move, waits)]


def _batch(
    procedure: dict[str, Any], stage: dict[str, Any], move: dict[str, Any],
    waits: list[dict[str, Any]],
) -> dict[str, Any]:  # fmt: skip
    article, by = stage["article"], move["by"]
    release: dict[str, Any] = {
        "id": "release", "name": {"zh": "命名并公布", "en": "Name and publish"}, "to": RELEASED,
        "by": by, "effects": [{"move": {"of": "lines", "move": move["id"]}}],
    }  # fmt: skip
    release |= {key: True for key in ("reason", "document") if move.get(key)}
    batch: dict[str, Any] = {
        "id": "batch", "name": {"zh": "批次", "en": "Batch"}, "article": article,
        "about": "batch", "opens": {"by": by},
    }  # fmt: skip
    if waits:
        release["after"] = waits[0]["id"]
        when = waits[0]["when"]
        if "after" in when:
            when = {**when, "after": {"stage": NOTICE}}
        batch["deadlines"] = [{**waits[0], "when": when}]
    batch["stages"] = [
        {"id": GATHERING, "name": {"zh": "汇总名单", "en": "Gathering the list"},
         "article": article, "gathers": {"of": procedure["id"], "at": stage["id"]},
         "moves": [{"id": "publish", "name": {"zh": "公示名单", "en": "Put the list on notice"},
                    "to": NOTICE, "by": by}]},
        {"id": NOTICE, "name": stage["name"], "article": article, "public": True,
         "moves": [release,
                   {"id": "take_back", "name": {"zh": "撤回公示", "en": "Take the notice back"},
                    "to": GATHERING, "by": by, "reason": True}]},
        {"id": RELEASED, "name": {"zh": "已公布", "en": "Released"}, "article": article,
         "public": True},
    ]  # fmt: skip
    return batch
