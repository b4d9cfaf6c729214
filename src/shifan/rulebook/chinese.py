"""What a check says, in Chinese: each sentence of the checks, with places for what it is about.

The checks write English, as every message of the program; here stands its twin. A test holds the
two against each other, so that no sentence is without one.
"""

from __future__ import annotations

import re
from functools import cache

NOUNS = {
    "unit type": "单位类型 {}",
    "clause": "第 {} 条", "adjustment": "奖惩项 {}", "veto": "否决项 {}", "item": "项 {}",
    "category": "大类 {}", "channel": "渠道 {}", "quota": "名额 {}",
    "survey": "调查 {}", "procedure": "程序 {}", "stage": "阶段 {}", "move": "动作 {}",
    "deadline": "期限 {}", "article": "条文 {}", "return kind": "退回类别 {}", "party": "当事方 {}",
    "fact source": "来源 {}", "grade": "等次 {}", "unit": "单位 {}", "joint": "联合申报",
}  # fmt: skip
"""How a finding names a part of the book."""

WORDS = {
    "unit": "单位", "batch": "批次", "line": "批次中的一项", "title": "称号",
    "finding": "查实的问题",
    "round": "一轮", "official": "官方原文", "paraphrased": "转述", "minimum": "下限",
    "maximum": "上限", "Chinese": "中文", "English": "英文", "entries": "项", "entry": "项",
    "characters": "个字符", "character": "个字符",
}  # fmt: skip
"""Words that stand in the place of a sentence."""

SENTENCES = {
    # --- files
    "is missing": "缺少此文件",
    "is empty": "文件为空",
    "is not UTF-8 text: save it as UTF-8": "不是 UTF-8 文本，请另存为 UTF-8",
    "cannot be opened: is it a file, and may it be read?": "无法打开：请确认是文件且可以读取",
    "cannot be read: {}": "无法读取：{}",
    "the file has {} bytes; at most {} are read": "文件有 {} 字节，最多读取 {} 字节",
    "is not YAML: {}": "不是 YAML：{}",
    "is not YAML: it holds a character that no text has": "不是 YAML：含有文本中不会出现的字符",
    "is nested too deeply": "嵌套过深",
    "alias *{} is not allowed; write it out": "不允许别名 *{}，请写出全文",
    "key {} is given twice": "键 {} 出现两次",
    "{} is not a plain decimal number": "{} 不是普通的十进制数",
    "is not read: its name must end in .yaml, not {}": "未读取：文件名须以 .yaml 结尾，而非 {}",
    "unit type {} already has its indicators in {}": "单位类型 {} 的指标已在 {} 中",
    "{} is not a field here; {} may have it": "{} 不是此处的字段，{} 中可以有",
    "{} stands in {} too": "{} 在 {} 中也有",
    "must be a list of worked units": "应为算例单位的列表",
    # --- values
    "{} is missing": "缺少 {}",
    "{} is not a field here": "{} 不是此处的字段",
    "{} is empty": "{} 为空",
    '{}: {} is not read as a text here; quote it: "{}"': '{}：{} 未被当作文本，请加引号："{}"',
    "{} must hold entries of its own (name: value)": "{} 应包含自己的条目（名称: 值）",
    "{} must be a list": "{} 应为列表",
    "{} must be a whole number": "{} 应为整数",
    "{} must be a number": "{} 应为数字",
    "{} must be true or false": "{} 应为 true 或 false",
    "{} must be a text": "{} 应为文本",
    "{} must be true, false, a number, a grade, a list of parts, or {share: 90, sample: 400}":
        "{} 应为 true、false、数字、等级、清单项列表，或 {{share: 90, sample: 400}}",
    "{} must be true, false, a number or a grade": "{} 应为 true、false、数字或等级",
    "{} must be decision, old_end, or a day of every year, as 03-31":
        "{} 应为 decision、old_end，或每年的某一天，如 03-31",
    "{} must be of lower-case letters, digits and _, a letter first":
        "{} 应由小写字母、数字和 _ 组成，以字母开头",
    "{} must be of letters, digits, points, hyphens and _":
        "{} 应由字母、数字、点、连字符和 _ 组成",
    "{} must be a day of every year, as 03-31": "{} 应为每年都有的日期，如 03-31",
    "{} must be the two letters of a country, as CN": "{} 应为国家的两位字母代码，如 CN",
    "{} is not written as it must be": "{} 的写法不对",
    "{} must be a time, as 17:00": "{} 应为时刻，如 17:00",
    "{} must be a day that there is, as 2026-03-31": "{} 应为存在的日期，如 2026-03-31",
    "{} must be more than {}": "{} 应大于 {}",
    "{} must be at least {}": "{} 应不小于 {}",
    "{} must be less than {}": "{} 应小于 {}",
    "{} must be at most {}": "{} 应不大于 {}",
    "{} must have at least {} {}": "{} 至少应有 {} {}",
    "{} must have at most {} {}": "{} 至多可有 {} {}",
    "{} must be {}": "{} 应为 {}",
    "{} is {}, which is none of {}": "{} 为 {}，不在以下各项之中：{}",
    "{} does not say its {}": "{} 未写明 {}",
    "{} is not what is asked for here": "{} 不符合此处的要求",
    "{} has more than three decimal places": "{} 的小数位数超过三位",
    "a text needs one language at least": "文本至少要有一种语言",
    "{}: needs one of hours, working_days, days, months, years":
        "{}：应有 hours、working_days、days、months、years 之一",
    "{}: needs `on`, or one of hours, working_days, days, months, years":
        "{}：应有 on，或 hours、working_days、days、months、years 之一",
    "{}: an effect is one key with its parameters: {}": "{}：效果是一个键及其参数：{}",
    "{}: is `all`, a vote or a support": "{}：应为 all、表决（vote）或联名（support）",
    "{}: is `clock`, `move`, {office, role} or {capacity}":
        "{}：应为 clock、move、{{office, role}} 或 {{capacity}}",
    "{}: is by a party, `move`, `anyone` or `clock`":
        "{}：应由当事方、move、anyone 或 clock 启动",
    "low and full are both {}; use steps for a single bound":
        "low 和 full 都是 {}；只有一个界限时请用 steps",
    "two parts share an id": "两个分项的 id 相同",
    "two grades share an id": "两个等级的 id 相同",
    "zero_at {} is not below full_at {}": "zero_at {} 不低于 full_at {}",
    "steps must rise in points; {} follows {}": "各档分值应递增；{} 在 {} 之后",
    "step bounds must {}; {} follows {}": "各档界限的顺序不对；{1} 在 {2} 之后",
    "grades must fall in points; {} earns {} after {} with {}":
        "各等级分值应递减；{} 得 {}，前一等级 {} 得 {}",
    "the term ends by years, by months or until a day: give one of them":
        "有效期以 years、months 或 until 之一表示",
    "the old rhythm (from: old_end) needs a term in years or months":
        "沿用原周期（from: old_end）须以年或月表示有效期",
    "needs either `after` or `before`, with the moment it is counted from":
        "应有 after 或 before，并写明起算时点",
    # --- indicators
    "clauses add up to {} points, the base is {}": "各条合计 {} 分，基础分为 {}",
    "categories add up to {} points, the base is {}": "各大类合计 {} 分，基础分为 {}",
    "minimum {} is more than its {} points": "最低分 {} 高于其 {} 分",
    "grade {} is listed twice": "等次 {} 重复",
    "grades stand best first: {} follows {}": "等次应由高到低排列：{} 在 {} 之后",
    "{} has more than the {} places it is rounded to": "{} 的小数位多于其保留的 {} 位",
    "stands in a scaled category: say `within: category` or `within: item`":
        "所在大类按比例折算：请写 within: category 或 within: item",
    "awards all its points, so nothing is taken out `within` anything":
        "不适用时计满分，因而没有可剔除的范围（within）",
    "from 0 points on everybody passes": "申报线为 0 分，任何单位都能达到",
    "nobody can reach {}: at most {} can be earned": "无人能达到 {} 分：最多可得 {} 分",
    "every clause may be excluded, which leaves no base": "各条都可不适用，将没有基础分",
    "minimum {} is more than its clauses' {} points": "最低分 {} 高于其各条合计的 {} 分",
    "id {} is already used by {}": "id {} 已被{}使用",
    "id {} gives the same column of results as {}": "id {} 与{}在结果表中列名相同",
    "theme {} is listed twice": "主题 {} 重复",
    "theme {} is not in themes": "themes 中没有主题 {}",
    "stands under {} but is named {}": "位于 {} 之下，却名为 {}",
    "column unit holds the units' ids": "unit 列用于单位代码",
    "input {} is read by {} already, but not the same": "输入项 {} 已由{}读取，但两处定义不同",
    "only a checklist has parts that may not apply, not {}":
        "只有清单（checklist）才有可不适用的部分，{} 没有",
    "column {} is already used by {}": "列 {} 已被{}使用",
    "{} documents are asked for; the budget is {}": "要求材料 {} 份，上限 {} 份",
    "evidence {} is listed twice": "佐证材料 {} 重复",
    "input {} is about a person; Shifan rates units only": "输入项 {} 涉及个人；示范只评价单位",
    "nothing lies between {} and {}": "{} 与 {} 之间没有取值",
    "no fact is larger than {}": "数值不得超过 {}",
    "a count is whole and not negative; its {} is {}": "计数为非负整数，其{}却是 {}",
    "has no golden case": "没有算例",
    "a veto reads a boolean input": "否决项应读取是非（boolean）输入",
    "a {} input has one statement": "{} 类输入只有一份填报",
    "{} gives numbers in between, which {} does not read": "{} 会得出中间值，而 {} 不读取中间值",
    "{} is of numbers that are not negative": "{} 只用于非负数",
    "least {} is more than most {}": "least {} 大于 most {}",
    "a {} input has no unit": "{} 类输入没有计量单位",
    "a {} input is in %, not in {}": "{} 类输入以 % 计，而非 {}",
    "rule {} reads {}, not {}": "规则 {} 读取 {}，而非 {}",
    "a {} input has no decimal places": "{} 类输入没有小数位",
    "at most {} count, which earns {} of {}": "最多计 {}，只得 {}/{} 分",
    "cannot be earned in full: {}": "无法得满分：{}",
    "floor {} is not below the clause's {} points": "底分 {} 不低于该条的 {} 分",
    "as a penalty it costs most where nothing fails: per_count grows with each":
        "作为扣分项，它在没有问题时扣得最多；逐项增加的是 per_count",
    "its best result earns {}, the clause is worth {}": "最好的结果得 {} 分，而该条为 {} 分",
    "cannot be reached: {}": "无法达到：{}",
    "bound {} lies outside what {} can be": "界限 {} 超出 {} 的取值范围",
    "bound {} is finer than the {} decimals {} keeps": "界限 {0} 的小数位多于 {2} 保留的 {1} 位",
    "fact source {} is not in the measures": "办法中没有来源 {}",
    "no stage lets any of its fact sources speak, so it can never be scored":
        "没有任何阶段允许其来源填报，因而无法计分",
    "no survey has a question for {}": "没有调查问及 {}",
    "no survey of the book asks for {}: its office states the share itself":
        "规则书没有问及 {} 的调查，其数值由主管部门自行填报",
    "is {}, but its basis {} names no reference": "标为{}，但依据 {} 未指明文献",
    "is {}, but its basis names no reference": "标为{}，但依据未指明文献",
    "unit type {} is not in the measures": "办法中没有单位类型 {}",
    "fact {} is already asked by {}": "事实 {} 已由{}要求",
    "fact {} is already asked by {} as {}": "事实 {} 已由{}以 {} 之名要求",
    "document {} is already asked by {}": "材料 {} 已由{}要求",
    "document {} is already asked by {} as {}": "材料 {} 已由{}以 {} 之名要求",
    "has no {} text": "缺少{}文本",
    "{} is blank": "{} 为空白",
    "{} holds a character that is not seen: {}": "{} 含有看不见的字符：{}",
    # --- measures
    "there are no indicators: no unit can apply": "没有指标：任何单位都无法申报",
    "no move that awards a title is open to any of: {}": "下列单位类型都没有可授予称号的动作：{}",
    "a window of {} months is longer than any title: {} months":
        "续期窗口 {} 个月，长于称号有效期 {} 个月",
    "ends on {}, before it begins on {}": "于 {} 终止，早于起始的 {}",
    "{} is not a time zone": "{} 不是时区",
    "counts working days, but no calendar says whose: {country: …}":
        "以工作日计，但未写明哪国的日历：calendar: {{country: …}}",
    "{} is both free and worked": "{} 既是休息日又是工作日",
    "China's calendar has no subdivisions": "中国的日历没有下级分区",
    "no calendar of {} is known": "没有 {} 的日历",
    "{} has no part {}; known: {}": "{} 没有分区 {}；已知：{}",
    "article {} stands where article {} belongs": "此处应为第 {1} 条，而非第 {0} 条",
    "cites article {}, which is not there": "引用了不存在的第 {} 条",
    "id {} is used twice in {}": "id {} 在 {} 中出现两次",
    "{} is neither the applicant, a tier, nor computed": "{} 不是申报单位、层级或系统计算",
    "unit type {} is not in unit_types": "unit_types 中没有 {}",
    "unit type {} is listed twice": "单位类型 {} 重复",
    "{} are more than the {} of quota {}": "{0} 多于名额 {2} 的 {1}",
    "{} is not a tier": "{} 不是层级",
    "{} is the name of an office": "{} 是部门的名称",
    "no move needs partners_agreed: units could be named as partners without their word":
        "没有动作要求 partners_agreed：单位可能未经同意被列为联合申报方",
    "a version cannot supersede itself": "版本不能取代自身",
    # --- procedures
    "move {} sets itself off again through the moves it makes of others":
        "动作 {} 会经由其引发的动作再次触发自身",
    "opens itself again with only the clock between: no person ends it":
        "仅由时钟推动就会再次启动自身：没有人能结束它",
    "fact source {} is computed: nobody states it": "来源 {} 由系统计算，无人填报",
    "fact source {} is not there": "没有来源 {}",
    "is due, but nothing leads on from it": "设有期限，但没有后续",
    "move {} is listed twice": "动作 {} 重复",
    "deadline {} is not there": "没有期限 {}",
    "deadline {} counts from stage {}, which comes later": "期限 {} 自阶段 {} 起算，而该阶段在后",
    "must be made before {}, which comes earlier than {}": "须在 {} 之前办理，而它早于 {}",
    "only a batch gathers; it is about a {}": "只有批次可以汇集，而此程序关于{}",
    "procedure {} is not there": "没有程序 {}",
    "stage {} is not there in {}": "{1} 中没有阶段 {0}",
    "stage {} is not there": "没有阶段 {}",
    "{} is the name of a moment; give the deadline another": "{} 是时点的名称，请给期限另取名称",
    "opens by a move, but no move opens it": "应由动作启动，却没有动作启动它",
    "anyone begins only what is about a line of a batch, while the batch is there":
        "任何人只能就批次中的一项、在批次尚在时启动",
    "stage {} is not public: nobody could know of it": "阶段 {} 不公开，无人得知",
    "the clock can open it only so long after or before a term or a finding":
        "时钟只能在有效期或查实问题之前或之后若干时间启动",
    "opens by the clock of a title, but is about a {}": "由称号的时钟启动，却关于{}",
    "office {} is neither the applicant nor a tier": "部门 {} 不是申报单位或层级",
    "capacity {} is listed twice": "身份 {} 重复",
    "capacity {} is not there": "没有身份 {}",
    "capacity {} is not among the parties": "当事方中没有身份 {}",
    "article is missing": "缺少条文号",
    "{} is not a day of every year": "{} 不是每年都有的日期",
    "counts from {}, which a procedure about a {} has not": "自 {} 起算，而关于{}的程序没有此时点",
    "{} does not come in a procedure about a {}": "关于{1}的程序没有 {0}",
    "leads to stage {}, which is not there": "通向不存在的阶段 {}",
    "returns clauses, but the procedure has no return_kinds": "可退回条款，但程序没有 return_kinds",
    "is made by a move of another, but none makes it": "应由其他程序的动作引发，却没有",
    "is made by the clock, but has no `after` to say when": "由时钟办理，却没有 after 写明何时",
    "the clock gives no reason and files no document": "时钟不给理由，也不提交文件",
    "nobody can reach a quorum of {}: there are {}": "无法达到法定人数 {}：只有 {} 人",
    "ties go to the chair, but `chair` names no party": "平票由主席决定，但 chair 未指明当事方",
    "the last majority must hold at any turnout: leave out its turnout_below":
        "最后一档多数应适用于任何投票率：请去掉 turnout_below",
    "nobody can find {} supporters: there are {}": "无法取得 {} 人联名：只有 {} 人",
    "title level {} is not a tier": "称号层级 {} 不是层级",
    "{} stands at a stage that reviews nothing": "{} 所在的阶段不审核任何内容",
    "title_is: the procedure is about a {}": "title_is：该程序关于{}",
    "procedure {} has no move {}": "程序 {} 没有动作 {}",
    "same_finding: it is about a {}": "same_finding：该程序关于{}",
    "{} has no input {}": "{} 没有输入项 {}",
    "{} of {} is no number to compare": "{1} 的 {0} 不是可比较的数值",
    "nobody can meet it: {} is at most {}": "无人能满足：{} 最多为 {}",
    "{}: a {} cannot bear it": "{}：{}不能承受此效果",
    "opens procedure {}, which is not there": "启动不存在的程序 {}",
    "opens {} about a {}; it is about a {}": "就{1}启动 {0}，而它关于{2}",
    "{}: no move opens {}, so there is nothing it came from": "{}：没有动作启动 {}，因而没有来由",
    "award: a batch has no old term": "award：批次没有原有效期",
    "move: no procedure about a {} has a move {}": "move：关于{}的程序都没有动作 {}",
    "a {} that gets here can never reach an end": "{} 到此后无法到达终点",
    "{} that gets here can never reach an end": "{} 到此后无法到达终点",
    "cannot be reached from the first stage": "从第一个阶段无法到达",
    # --- surveys
    "there is no file {}": "没有文件 {}",
    "{} hashes to {}": "{} 的摘要是 {}",
    "{} is both satisfied and excluded": "{} 既算满意又被排除",
    "no clause reads a satisfaction share {}": "没有条款读取满意度 {}",
    "{} is listed twice": "{} 重复",
    "{} is not read from {}": "{} 不从 {} 读取",
    # --- worked cases
    "golden case {} earns {}, the rule book says {}": "算例 {} 得 {} 分，规则书写为 {}",
    "golden case {} does not fit the rule: {}": "算例 {} 与规则不符：{}",
    "given must be a grade": "应给出等级",
    "given must list the parts that are ticked": "应列出已具备的项",
    "given must have `share` and `sample`": "应给出 share 和 sample",
    "there are no indicators for {}": "没有 {} 的指标",
    "totals {}, the rule book says {}": "总分 {}，规则书写为 {}",
    "is {}, the rule book says {}": "结果为 {}，规则书写为 {}",
    "{} is not a column of its facts table": "{} 不是其事实表的列",
}  # fmt: skip
"""English sentence → Chinese sentence; ``{}`` in the order of the English one, or by number."""


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The sentences as patterns, those with most words of their own first."""
    made = []
    for english, chinese in SENTENCES.items():
        parts = [re.escape(part) for part in english.split("{}")]
        made.append((re.compile("(.+?)".join(parts), re.DOTALL), chinese))
    return tuple(sorted(made, key=lambda each: -len(each[0].pattern.replace("(.+?)", ""))))


@cache
def chinese(message: str) -> str:
    """The sentence in Chinese; as it is where there is none.

    >>> chinese("id 1.1.2 is already used by clause 1.1.1")
    'id 1.1.2 已被第 1.1.1 条使用'
    """
    for pattern, sentence in _patterns():
        found = pattern.fullmatch(message)
        if found is not None:
            return sentence.format(*map(_about, found.groups()))
    return message


def place(where: str) -> str:
    """The part of a book that a finding names, in Chinese.

    >>> place("clause 3.2.4"), place("move review.name"), place("")
    ('第 3.2.4 条', '动作 review.name', '')
    """
    for noun, named in NOUNS.items():
        if where == noun or where.startswith(f"{noun} "):
            return named.format(where.removeprefix(noun).strip())
    return where


def _about(text: str) -> str:
    """What stands in a place of a sentence: a part of the book, a word, another sentence."""
    named = place(text)
    return WORDS.get(text) or (named if named != text else chinese(text))
