"""Asking where somebody lives: the divisions right below the unit's, as the registry has them."""

from __future__ import annotations

from shifan.errors import BadInput
from shifan.rulebook.base import Text
from shifan.surveys.instrument.model import Choice, Instrument, Question
from shifan.units.models import Division, Level, Unit

NAME = "division"
"""The question's name in the form."""
ASKED = {
    Level.PREFECTURE: Text(zh="您常住在哪个市（州、盟）？", en="In which prefecture do you live?"),
    Level.COUNTY: Text(
        zh="您常住在哪个县（市、区）？", en="In which county or district do you live?"
    ),
    Level.TOWNSHIP: Text(
        zh="您常住在哪个乡镇（街道）？", en="In which town or subdistrict do you live?"
    ),
    Level.VILLAGE: Text(
        zh="您常住在哪个村（社区）？", en="In which village or quarter do you live?"
    ),
}
ELSE = Text(zh="您常住在下列哪个地方？", en="In which of these places do you live?")
"""The question where the divisions are of several levels."""


def below(unit: Unit) -> list[Division]:
    """The divisions right below the unit's; below a placeholder (市辖区), those in its place."""
    if unit.division_id is None:
        return []
    rows = Division.objects.filter(parent=unit.division_id, placeholder=False)
    within = Division.objects.filter(
        parent__parent=unit.division_id, parent__placeholder=True, placeholder=False
    )
    return list((rows | within).order_by("code"))


def asking(instrument: Instrument, unit: Unit) -> Instrument:
    """The form with the question in which division somebody lives, first and required.

    A form that asks it already stays as it is, so that it may be translated and uploaded again.
    Raises BadInput where there are no divisions to ask for, or the form's question is another one.
    """
    divisions = below(unit) if unit.is_area else []
    if not divisions:
        raise BadInput(
            Text(zh="该单位没有下级区划可问。", en="The unit has no divisions below it to ask for.")
        )
    levels = {Level(division.level) for division in divisions}
    asked = ASKED.get(levels.pop(), ELSE) if len(levels) == 1 else ELSE
    known = instrument.question(NAME)
    codes = {division.code for division in divisions}
    if known is None:
        question = Question(
            name=NAME, type="select_one", required=True,
            label={each.code: asked.in_(each.code) for each in instrument.languages},
            choices=tuple(
                Choice(
                    name=division.code,
                    label={each.code: division.in_(each.code) for each in instrument.languages},
                )
                for division in divisions
            ),
        )  # fmt: skip
        return Instrument(
            id=instrument.id, version=instrument.version, title=instrument.title,
            languages=instrument.languages, questions=(question, *instrument.questions),
        )  # fmt: skip
    always = known.type == "select_one" and known.required and not known.relevant
    if not always or set(known.choice_names) != codes:
        raise BadInput(
            Text(
                zh=f"表中“{NAME}”应为必答的单选题，选项为该单位下级区划的代码。",
                en=f"The form's question {NAME} must be a required select_one whose choices are "
                "the codes of the unit's divisions.",
            )
        )
    return instrument
