"""The score arranged for reading: clause rows, categories with progress, the ring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from shifan.applications.presentation.words import STANDINGS, Tag
from shifan.errors import BadInput
from shifan.rulebook.base import Text, millipoints
from shifan.rulebook.indicators import Adjustment, Category, Clause, Item, Provision, Veto
from shifan.rulebook.model import FactSource
from shifan.scoring.arithmetic import points_text
from shifan.scoring.explain import Reason, reason
from shifan.scoring.facts import plain
from shifan.scoring.result import ProvisionScore, State, Sum
from shifan.statements.actions import checked_values
from shifan.statements.assessment import Assessment, read_values, suppose


@dataclass(frozen=True)
class Row:
    """A provision in a list: score, sentence, the source that counts, evidence attached."""

    provision: Provision
    score: ProvisionScore
    reason: Reason
    source: str
    evidence: int

    @property
    def standing(self) -> str:
        """One of the keys of STANDINGS."""
        if self.score.state is State.MISSING:
            return "open"
        if self.score.state is State.UNCLAIMED:
            return "unclaimed"
        if isinstance(self.provision, Veto):
            return "barred" if self.score.value else "clear"
        if isinstance(self.provision, Adjustment) and self.provision.effect == "penalty":
            return "deducted" if self.score.won else "clear"
        if self.score.possible == 0:
            return "excluded"
        if self.score.won == self.score.possible:
            return "full"
        return "part" if self.score.won else "none"

    @property
    def tag(self) -> Tag:
        return STANDINGS[self.standing]

    @property
    def lacks_evidence(self) -> bool:
        """Evidence is expected and none is there; what does not apply needs none."""
        idle = ("unclaimed", "clear", "excluded")
        return bool(self.provision.evidence) and not self.evidence and self.standing not in idle


@dataclass(frozen=True)
class Part:
    """Some of the clauses together, in millipoints; ``stated`` of its ``count`` have a fact."""

    won: int
    open: int
    possible: int
    stated: int
    count: int


@dataclass(frozen=True)
class ItemRows:
    item: Item
    sum: Sum
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class CategoryRows:
    """A category with the items to show; ``stated`` of its ``count`` clauses have a fact."""

    category: Category
    sum: Sum
    items: tuple[ItemRows, ...]
    stated: int
    count: int


@dataclass(frozen=True)
class Ring:
    """The total as a ring 100 long: shares won and still open, and the threshold's angle."""

    total: str
    threshold: str
    maximum: str
    won: str
    open: str
    threshold_angle: str


def rows(assessment: Assessment, evidence: dict[str, int]) -> dict[str, Row]:
    """Every provision's row by id. ``evidence`` counts attachments per provision."""
    return {
        reason.provision.id: Row(
            reason.provision,
            reason.score,
            reason,
            found[0].source if (found := assessment.statements[reason.provision.id]) else "",
            evidence.get(reason.provision.id, 0),
        )
        for reason in assessment.explanation.reasons
    }


def part(rows: Iterable[Row]) -> Part:
    """The clauses among the rows together; adjustments and vetoes stand apart."""
    clauses = [row.score for row in rows if isinstance(row.provision, Clause)]
    return Part(
        won=sum(each.won for each in clauses),
        open=sum(each.open for each in clauses),
        possible=sum(each.possible for each in clauses),
        stated=sum(each.state is not State.MISSING for each in clauses),
        count=len(clauses),
    )


def duties(rows: Iterable[Row]) -> list[tuple[str, Part]]:
    """The required and the optional clauses apart, as far as the rule book has both."""
    rows = list(rows)
    found = [
        (duty, part(row for row in rows if getattr(row.provision, "duty", "") == duty))
        for duty in ("required", "optional")
    ]
    return [(duty, each) for duty, each in found if each.count]


@dataclass(frozen=True)
class Preview:
    """What typing would earn if it were stated: None and the reasons why not if it can't be."""

    score: ProvisionScore | None
    total: int
    texts: tuple[Text, ...]


def preview(
    assessment: Assessment, provision: Provision, source: str, typed: Mapping[str, str]
) -> Preview:
    """The provision's score and the total (millipoints) as if ``source`` stated what was typed."""
    try:
        values = checked_values(provision, typed)
    except BadInput as bad:
        return Preview(None, assessment.situation.score.total, bad.sentences())
    whole = suppose(assessment, provision.id, source, read_values(provision, values))
    earned = whole.provision(provision.id)
    return Preview(earned, whole.total, (reason(provision, earned),))


def categories(
    assessment: Assessment, by_id: dict[str, Row], wanted: Set[str]
) -> list[CategoryRows]:
    """The indicator set as the workspace shows it: every category, the ``wanted`` clauses."""
    situation = assessment.situation
    items = {each.id: each for each in situation.score.items}
    shown = []
    for category, total in zip(
        situation.indicators.categories, situation.score.categories, strict=True
    ):
        groups = tuple(
            ItemRows(item, items[item.id], listed)
            for item in category.items
            if (listed := tuple(by_id[c.id] for c in item.clauses if c.id in wanted))
        )
        clauses = [by_id[clause.id] for clause in category.clauses]
        stated = sum(row.score.state is not State.MISSING for row in clauses)
        shown.append(CategoryRows(category, total, groups, stated, len(clauses)))
    return shown


def ring(assessment: Assessment) -> Ring:
    """The ring of the total against the full base."""
    score, indicators = assessment.situation.score, assessment.situation.indicators
    full, threshold = millipoints(indicators.base_points), millipoints(indicators.apply_from)
    won, best = min(score.total, full), min(score.best, full)
    return Ring(
        total=points_text(score.total),
        threshold=plain(indicators.apply_from),
        maximum=plain(indicators.base_points),
        won=f"{100 * won / full:.3f}",
        open=f"{100 * (best - won) / full:.3f}",
        threshold_angle=f"{360 * threshold / full:.2f}",
    )


def grade(assessment: Assessment) -> Text | None:
    """What the grade of the score is called, if it has one."""
    situation = assessment.situation
    found = (each.name for each in situation.indicators.grades if each.id == situation.score.grade)
    return next(found, None)


def to_do(assessment: Assessment, sources: Iterable[FactSource]) -> list[str]:
    """The provisions still missing that one of the sources may state, in order."""
    names, indicators = {source.id for source in sources}, assessment.situation.indicators
    return [
        reason.provision.id
        for reason in assessment.explanation.reasons
        if reason.score.state is State.MISSING
        and indicators.leads(reason.provision)
        and names & set(reason.provision.input.from_)
    ]
