"""Conflicts of interest, by attribute: what stands against somebody in a capacity, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from shifan.accounts.models import User
from shifan.people.models import Declaration, Membership, Workplace
from shifan.proceedings.models import Proceeding, Step
from shifan.rulebook.base import Text
from shifan.rulebook.procedures import Party, ToRelated
from shifan.units.models import Unit


def conflicts(
    proceeding: Proceeding, party: Party, user: User | None, unit: Unit | None
) -> list[Text]:
    """What stands against the person or unit in the capacity, each with the article; none: []."""
    found = list(_beside(proceeding, party, user, unit))
    for conflict in party.conflicts:
        if isinstance(conflict, ToRelated):
            if user is not None and _related(proceeding, user, conflict.related.years):
                found.append(
                    _says(party, proceeding, f"{conflict.related.years} 年内与该单位有利害关系",
                          f"is related to the unit within {conflict.related.years} years")
                )  # fmt: skip
        elif RULES[conflict][0](proceeding, user, unit):
            found.append(_says(party, proceeding, *RULES[conflict][1:]))
    return found


def _says(party: Party, proceeding: Proceeding, zh: str, en: str) -> Text:
    article = proceeding.procedure.article
    return Text(
        zh=f"不能作为“{party.name.zh}”：{zh}（第 {article} 条）。",
        en=f"Cannot be “{party.name.en or party.name.zh}”: {en} (article {article}).",
    )


def _beside(
    proceeding: Proceeding, party: Party, user: User | None, unit: Unit | None
) -> Iterator[Text]:
    """Capacities that nobody may hold beside this one."""
    for other in proceeding.present:
        clash = other.capacity in party.not_with or party.capacity in _not_with(
            proceeding, other.capacity
        )
        same = (user is not None and other.user_id == user.pk) or (
            unit is not None and other.unit_id == unit.pk
        )
        if clash and same:
            yield _says(party, proceeding, f"已任“{other.capacity}”", f"is “{other.capacity}”")


def _not_with(proceeding: Proceeding, capacity: str) -> tuple[str, ...]:
    party = proceeding.procedure.party(capacity)
    return party.not_with if party is not None else ()


def _same_unit(proceeding: Proceeding, user: User | None, unit: Unit | None) -> bool:
    units = {p.unit_id for p in proceeding.present if p.unit_id and p.agreed is not False}
    if user is not None:
        return Membership.objects.filter(user=user, unit__in=units).exists()
    return unit is not None and unit.pk in units


def _reaches(unit: Unit) -> set[str]:
    """The paths of all places the unit lies in or reaches into."""
    return {unit.place, *unit.also_in.values_list("path", flat=True)}


def _same_area(proceeding: Proceeding, user: User | None, unit: Unit | None) -> bool:
    """Works, or lies, in the unit's area or in one that holds it beneath the whole country; where
    programmes have their own idea of an area, the first level beneath the country counts."""
    if proceeding.unit is None:
        return False
    top = proceeding.place.strip("/").split("/")[0]
    area = f"/{top}/"
    if user is None:
        return unit is not None and any(each.startswith(area) for each in _reaches(unit))
    works = Workplace.objects.filter(user=user, division__path__startswith=area).exists()
    in_unit = Membership.objects.filter(user=user, unit__division__path__startswith=area).exists()
    return (
        works
        or in_unit
        or Membership.objects.filter(user=user, area__path__startswith=area).exists()
    )


def _same_employer(proceeding: Proceeding, user: User | None, unit: Unit | None) -> bool:
    """Works for the unit, or for whom another party in the procedure works for."""
    own = Workplace.objects.filter(user=user).values_list("employer", flat=True).first()
    if user is None or not own:
        return False
    if own == proceeding.called:
        return True
    others = [p.user_id for p in proceeding.present if p.user_id and p.user_id != user.pk]
    return Workplace.objects.filter(user__in=others, employer=own).exists()


def _own_file(proceeding: Proceeding, user: User | None, unit: Unit | None) -> bool:
    """Made a step of a proceeding about the unit, other than in a capacity it was assigned to."""
    steps = Step.objects.filter(proceeding__unit=proceeding.unit_id, by=user)
    return user is not None and steps.exclude(proceeding__parties__user=user).exists()


def _related(proceeding: Proceeding, user: User, years: int) -> bool:
    since = proceeding.stage_since.date() - timedelta(days=366 * years)
    declared = Declaration.objects.filter(user=user, unit=proceeding.unit_id)
    return any(each.until is None or each.until >= since for each in declared)


Rule = Callable[[Proceeding, User | None, Unit | None], bool]

RULES: dict[str, tuple[Rule, str, str]] = {
    "same_unit": (_same_unit, "是该单位的人员", "belongs to the unit"),
    "same_area": (_same_area, "在该单位所在地区工作", "works in the unit's area"),
    "same_employer": (_same_employer, "受雇于同一单位", "works for the same employer"),
    "own_file": (_own_file, "曾经办该档案", "worked on the file"),
}
"""The conflicts that are attributes, each with its sentence."""
