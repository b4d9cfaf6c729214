"""Write the forms that ship with the programmes, from what stands here.

python -m tools.instruments     # prints each file's SHA-256, which the measures name
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from shifan.surveys.instrument.model import Choice, Instrument, Labels, Language, Question
from shifan.surveys.instrument.write import write

PROGRAMMES = Path(__file__).parent.parent / "src" / "shifan" / "programmes"


def said(zh: str, en: str) -> Labels:
    return {"zh": zh, "en": en}


def choices(*rows: tuple[str, str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(name=name, label=said(zh, en)) for name, zh, en in rows)


SCALE = choices(
    ("very_satisfied", "非常满意", "Very satisfied"),
    ("satisfied", "比较满意", "Fairly satisfied"),
    ("neutral", "一般", "Neither satisfied nor dissatisfied"),
    ("dissatisfied", "不太满意", "Fairly dissatisfied"),
    ("very_dissatisfied", "很不满意", "Very dissatisfied"),
    ("cannot_say", "说不清", "Cannot say"),
)

SATISFACTION = Instrument(
    id="satisfaction",
    version="2020-1",
    title="创建工作群众满意度调查 Public satisfaction survey",
    languages=(Language(code="zh", name="中文"), Language(code="en", name="English")),
    questions=(
        Question(
            name="area", type="select_one", required=True,
            label=said("您的常住地在哪里？", "Where do you live?"),
            choices=choices(
                ("urban", "城镇（居委会）", "In a town"),
                ("rural", "乡村（村委会）", "In the country"),
            ),
        ),
        Question(
            name="age_band", type="select_one", required=True,
            label=said("您的年龄段是？", "Which age band are you in?"),
            choices=choices(
                ("18_29", "18至29岁", "18 to 29"), ("30_44", "30至44岁", "30 to 44"),
                ("45_59", "45至59岁", "45 to 59"), ("60_up", "60岁及以上", "60 and over"),
            ),
        ),
        Question(
            name="environment", type="select_one", required=True, choices=SCALE,
            label=said(
                "您对本地宜居城乡环境（道路、住房、卫生、绿化）满意吗？",
                "How satisfied are you with the living environment here: streets, housing, "
                "cleanliness, green space?",
            ),
        ),
        Question(
            name="livelihood", type="select_one", required=True, choices=SCALE,
            label=said(
                "您对本地民生福祉（就业、教育、医疗、养老）满意吗？",
                "How satisfied are you with livelihood and well-being here: work, schools, "
                "medical care, care in old age?",
            ),
        ),
        Question(
            name="effect", type="select_one", required=True, choices=SCALE,
            label=said(
                "您对本地创建工作的成效满意吗？",
                "How satisfied are you with what the programme's work has brought about here?",
            ),
        ),
        Question(
            name="heard", type="select_one", required=True,
            label=said("您听说过本地正在开展这项创建工作吗？", "Had you heard of this work?"),
            choices=choices(("yes", "听说过", "Yes"), ("no", "没听说过", "No")),
        ),
        Question(
            name="heard_from", type="select_multiple", relevant="${heard} = 'yes'",
            label=said("您是从哪里听说的？（可多选）", "Where had you heard of it?"),
            hint=said("可以不答。", "You may leave this out."),
            choices=choices(
                ("community", "社区或村", "Neighbourhood or village"),
                ("work", "单位或学校", "Work or school"),
                ("media", "报刊、广播电视", "Newspapers, radio, television"),
                ("online", "网络和手机", "Online"),
            ),
        ),
        Question(
            name="improve", type="select_multiple",
            label=said("您认为最应当改进的是什么？", "What should be improved first?"),
            hint=said("最多选三项，可以不答。", "Up to three; you may leave this out."),
            constraint="count-selected(.) <= 3",
            constraint_message=said("最多选三项。", "Please choose three at most."),
            choices=choices(
                ("transport", "道路交通", "Roads and transport"), ("schools", "教育", "Schools"),
                ("medical", "医疗", "Medical care"), ("environment", "环境卫生", "Cleanliness"),
                ("work", "就业", "Work"), ("services", "办事服务", "Public services"),
                ("culture", "文化体育", "Culture and sport"),
            ),
        ),
    ),
)  # fmt: skip

SHIPPED = {"neac/2020/surveys/satisfaction.xlsx": SATISFACTION}
"""File → the form it holds."""


def main() -> None:
    for name, instrument in SHIPPED.items():
        path = PROGRAMMES / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(write(instrument))
        print(hashlib.sha256(path.read_bytes()).hexdigest(), name)


if __name__ == "__main__":
    main()
