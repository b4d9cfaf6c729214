"""Read the table kept by hand: what it expects of a cell."""

from __future__ import annotations

from dataclasses import dataclass

from shifan.accounts.matrix import Capacity, Hat
from shifan.process.ways import Way
from shifan.rulebook.model import Measures
from tests.matrix import table

OFFICE = {"reviewer", "approver", "officer", "auditor"}


def grid(text: str, columns: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """Row → column → letters."""
    rows = {}
    for line in text.splitlines()[3:]:
        words = line.split()
        name = " ".join(words[: -len(columns)])
        rows[name] = dict(zip(columns, words[-len(columns) :], strict=True))
    return rows


FILE = grid(table.FILE, table.FILE_COLUMNS)
AT_LARGE = grid(table.AT_LARGE, table.AT_LARGE_COLUMNS)


@dataclass(frozen=True)
class Kind:
    """What a stage is, for a unit of some type: who writes, reviews, is heard, and has to move.

    ``moves`` are (side, role, takes the file back); a side is ``applicant`` or a tier.
    """

    first: bool
    open: bool
    hears: bool
    reviewing: frozenset[str]
    writes: frozenset[str]
    moves: frozenset[tuple[str, str, bool]]
    come: frozenset[str]
    names: frozenset[tuple[str, str]]


_KINDS: dict[tuple[int, str, int], tuple[Measures, Way, Kind]] = {}


def kind_of(measures: Measures, unit_type: str, way: Way) -> Kind:
    """The kind of the stage, read from the rule book once for all who stand before it."""
    asked = id(measures), unit_type, id(way)
    if asked not in _KINDS:
        _KINDS[asked] = measures, way, _kind_of(measures, unit_type, way)
    return _KINDS[asked][-1]


def _kind_of(measures: Measures, unit_type: str, way: Way) -> Kind:
    stage = way.stage
    moves = [move for move in stage.moves if not move.only or unit_type in move.only]
    return Kind(
        first=stage == measures.application.stages[0],
        open=bool(stage.moves),
        hears=stage.hears,
        reviewing=frozenset(
            move.office for move in stage.moves if stage.reviews
        ) - {"applicant"},
        writes=frozenset(s.by for s in measures.fact_sources if s.id in stage.writes),
        moves=frozenset(
            (m.office, m.role, measures.application.withdraws(m)) for m in moves
        ),
        come=way.tiers,
        names=frozenset(
            (party.assigned_by.office, party.assigned_by.role)
            for party in measures.application.parties if party.assigned_by is not None
            if any(getattr(move.by, "capacity", "") == party.capacity for move in stage.moves)
        ),
    )  # fmt: skip


def column(hat: Hat) -> str:
    """The column of the table of files that a role belongs to."""
    if hat.role in OFFICE:
        return hat.role if hat.here else "elsewhere"
    return f"{hat.whose} {hat.role}" if hat.whose in ("own", "partner") else "other"


def on_file(
    measures: Measures, unit_type: str, way: Way, capacity: Capacity, permission: str
) -> bool:
    """What the table says of a permission on a file that stands at a stage."""
    kind = kind_of(measures, unit_type, way)
    side, moves, writes, row = _named(measures, unit_type, way, kind, permission)
    given = set()
    for hat in capacity.hats:
        for letter in FILE[row][column(hat)]:
            if _holds(letter, hat, measures, kind, moves, writes, side):
                given.add(hat)
    if row in ("applications.view", "evidence.view"):
        return bool(given)
    faces = [
        hat for hat in capacity.hats
        if hat.role != "auditor" and _view(hat, measures, kind)
    ]  # fmt: skip
    return any(hat.role != "auditor" or not faces for hat in given)


def _view(hat: Hat, measures: Measures, kind: Kind) -> bool:
    letters = FILE["applications.view"][column(hat)]
    return letters == "*" or (letters == "c" and hat.whose in kind.come)


def _named(measures, unit_type, way, kind, permission):
    """The side a source belongs to, the moves and sides that matter, and the row."""
    verb, _, name = permission.partition(" ")
    if verb == "make":
        made = next(move for move in way.stage.moves if move.id == name)
        open_to = not made.only or unit_type in made.only
        moves = {(made.office, made.role, False)} if open_to else set()
        return "", moves, set(), "make <move>"
    if verb in ("state", "read"):
        source = next(each for each in measures.fact_sources if each.id == name)
        writes = {source.by} if name in way.stage.writes else set()
        return source.by, set(), writes, f"{verb} <source>"
    return "", kind.moves, kind.writes, permission


def _holds(letter, hat, measures, kind, moves, writes, side) -> bool:
    mine = measures.tier_of(hat.whose) if hat.role in OFFICE else "applicant"
    come = mine == "applicant" or hat.whose in kind.come
    roles = table.ACTS_AS.get(column(hat), set())
    match letter:
        case "-":
            return False
        case "*":
            return True
        case "c":
            return come
        case "1":
            return kind.first
        case "o":
            return kind.open
        case "h":
            return kind.hears
        case "n":
            return not kind.reviewing
        case "w":
            return come and mine in writes and bool(roles & table.STATES_FACTS)
        case "m":
            return come and any(who == mine and role in roles for who, role, _ in moves)
        case "t":
            return come and any(
                who == mine and role in roles and not back for who, role, back in moves
            )
        case "a":
            return come and any(who == mine and role in roles for who, role in kind.names)
        case "r":
            reviewers = {who for who, role, _ in moves if role == "reviewer"}
            return come and mine in kind.reviewing & reviewers
        case "f":
            return come and (side not in kind.reviewing or mine in kind.reviewing)
    raise ValueError(letter)


def at_large(measures: Measures, capacity: Capacity, permission: str) -> bool:
    """What the table says of a permission that is not about a file."""
    verb, _, name = permission.partition(" ")
    row = verb
    if name:
        row += (
            " <procedure>"
            if verb == "begin"
            else (" <office>" if verb.startswith("people.") else " <survey>")
        )
    if not capacity.hats:
        return AT_LARGE[row][str(capacity)] == "*"
    return any(_at_large(AT_LARGE[row][_column(hat)], hat, measures, name) for hat in capacity.hats)


def _column(hat: Hat) -> str:
    if hat.role in OFFICE:
        return hat.role if hat.here else f"{hat.role} elsewhere"
    if hat.whose == "own":
        return f"own {hat.role}"
    return hat.whose if hat.whose in ("partner", "asked") else "other"


def _at_large(letter: str, hat: Hat, measures: Measures, name: str) -> bool:
    match letter:
        case "N":
            covers = {tier.id: tier.covers for tier in measures.tiers}
            return covers.get(hat.whose, "country") == "country"
        case "T":
            return hat.whose == measures.tiers[0].id
        case "S":
            source = measures.survey(name).source
            stated_by = next(each.by for each in measures.fact_sources if each.id == source)
            return measures.tier_of(hat.whose) == stated_by
        case "V":
            return hat.whose == name
        case "B":
            by = measures.procedure(name).opens.by
            side = "applicant" if hat.whose == "own" else hat.whose
            roles = {"lead", "clerk"} if hat.role == "lead" else {hat.role}
            return by.office == side and by.role in roles
    return letter == "*"
