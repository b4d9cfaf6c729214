"""A review arranged for reading: what was stated, what is thought of it, what changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from shifan.applications.presentation.statements import Said, said
from shifan.applications.presentation.words import Tag
from shifan.rulebook.base import Text
from shifan.rulebook.indicators import Provision
from shifan.statements.assessment import Assessment, Statement, read_values
from shifan.statements.models import Opinion

TAGS = {
    "agree": Tag("ok", _("Agreed")),
    "adjust": Tag("warn", _("Adjusted")),
    "return": Tag("bad", _("To go back")),
    "": Tag("open", _("Not reviewed")),
}
"""What each opinion is called; empty for none."""


@dataclass(frozen=True)
class Reviewed:
    """A provision under review.

    ``own`` is the applicant's statement, ``office`` what the office in charge states beside it;
    ``before`` is what the applicant had stated when it handed the file in last, if that differs.
    ``below`` is the opinion of the office before. ``basis`` is the digest of what the reader sees.
    """

    provision: Provision
    own: Said
    office: Said | None
    opinion: Opinion | None
    below: Opinion | None
    kind: Text | None
    before: Said | None
    changed: bool
    evidence: int
    basis: str

    @property
    def tag(self) -> Tag:
        return TAGS[self.opinion.verdict if self.opinion else ""]


def reviewed(assessment: Assessment, evidence: Mapping[str, int]) -> list[Reviewed]:
    """Every provision the applicant stated, in the rule book's order."""
    proceeding = assessment.proceeding
    digests = assessment.bases
    previous = last_handed_in(assessment)
    changed = changes(previous, assessment) if previous is not None else set()
    sources = {source.id: source.by for source in proceeding.measures.fact_sources}
    found = []
    for provision_id in assessment.reviewable:
        provision = assessment.situation.indicators.by_id[provision_id]
        stated = assessment.statements[provision_id]
        own = next(each for each in stated if sources[each.source] == "applicant")
        office = next(
            (e for e in stated if sources[e.source] not in ("applicant", "computed")), None
        )
        opinion = assessment.opinions.get(provision_id)
        earlier = _earlier(previous, provision, own)
        found.append(
            Reviewed(
                provision=provision,
                own=said(assessment, provision, own),
                office=said(assessment, provision, office) if office else None,
                opinion=opinion,
                below=assessment.below.get(provision_id),
                kind=proceeding.measures.application.return_kind(opinion.kind).name
                if opinion and opinion.kind
                else None,
                before=said(assessment, provision, earlier) if earlier else None,
                changed=provision_id in changed,
                evidence=evidence.get(provision_id, 0),
                basis=digests[provision_id],
            )
        )
    return found


def last_handed_in(assessment: Assessment) -> dict[str, Any] | None:
    """The file as the applicant handed it in the time before; None when it came only once."""
    proceeding = assessment.proceeding
    stage = assessment.situation.stage
    own = {
        (each.id, move.id)
        for each in proceeding.measures.application.stages
        for move in each.moves
        if move.office == "applicant"
    }
    rows = proceeding.steps.order_by("-at", "-id")
    came = [step for step in rows if (step.from_stage, step.move) in own]
    if came and not stage.reviews and came[0].to_stage != stage.id:
        return came[0].snapshot
    return came[1].snapshot if len(came) > 1 else None


def changes(snapshot: Mapping[str, Any], assessment: Assessment) -> set[str]:
    """The provisions where a statement of the applicant's or a file differs from the snapshot."""
    own = assessment.proceeding.measures.sources_of("applicant")
    now = assessment.snapshot

    def view(content: Mapping[str, Any], provision_id: str) -> tuple[Any, Any]:
        stated = content["statements"].get(provision_id, {})
        files = [row[1:] for row in content["evidence"] if row[0] == provision_id]
        return {key: value for key, value in stated.items() if key in own}, files

    ids = assessment.situation.indicators.by_id
    return {each for each in ids if view(snapshot, each) != view(now, each)}


def _earlier(
    snapshot: Mapping[str, Any] | None, provision: Provision, own: Statement
) -> Statement | None:
    if snapshot is None:
        return None
    values = snapshot["statements"].get(provision.id, {}).get(own.source)
    if values is None:
        return None
    earlier = read_values(provision, {k: v for k, v in values.items() if v is not None})
    return Statement(own.source, earlier, None) if earlier != own.values else None
