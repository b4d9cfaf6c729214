"""The romanised names of China's divisions: Hanyu Pinyin, the common word apart.

保山市 is Baoshan Shi, 西安市 is Xi'an Shi, 耿马傣族佤族自治县 is Gengma Daizu Wazu Zizhixian.
Provinces are written as in ISO 3166-2, which differs for three of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

ROOT = "China"
AS_IN_ISO_3166 = {
    "内蒙古自治区": "Nei Mongol Zizhiqu",
    "陕西省": "Shaanxi Sheng",
    "新疆维吾尔自治区": "Xinjiang Uygur Zizhiqu",
}
COMMON = re.compile(
    "(?<=.)(?:特别行政区|自治区|自治州|自治县|自治旗|地区|林区|矿区|新区|开发区|管理区"
    "|街道办事处|办事处|街道|苏木|社区居民委员会|居民委员会|村民委员会|社区居委会|村委会|居委会"
    "|社区|嘎查|省|市|盟|州|县|区|旗|镇|乡|村)$"
)
"""What kind of place it is: the last word of a name."""
SHORT = "回|藏|苗|彝|壮|满|侗|瑶|白|傣|黎|佤|畲|水|土|羌|怒|京|各"
LONG = (
    "蒙古|维吾尔|布依|朝鲜|土家|哈尼|哈萨克|傈僳|高山|拉祜|东乡|纳西|景颇|柯尔克孜|达斡尔|仫佬|布朗|撒拉"
    "|毛南|仡佬|锡伯|阿昌|普米|塔吉克|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|塔塔尔|独龙|鄂伦春|赫哲|门巴"
    "|珞巴|基诺"
)
"""Words that stand before 族 in the name of an autonomous place; a few stand there alone."""
NAMED_FOR = re.compile(rf"(?<=.)(?:{SHORT}|{LONG})族$")
ALONE = re.compile(rf"(?<=.)(?:{LONG})$")
LETTERS = re.compile(r"[^\W\d_]")


@cache
def romanised(name: str) -> str:
    """The name in Hanyu Pinyin without tones, at most 120 letters.

    The readings are those of the words as CC-CEDICT knows them (重庆 is Chongqing, 长子县 Changzi
    Xian); what it does not know is read letter by letter.
    """
    if name in AS_IN_ISO_3166:
        return AS_IN_ISO_3166[name]
    syllables = _read(name)
    if len(syllables) != len(name):  # Latin letters or figures among them
        return _word(syllables)[:120]
    words: list[str] = []
    end = len(name)
    for start in _starts(name):
        words.insert(0, _word(syllables[start:end]))
        end = start
    return " ".join(words)[:120]


def _starts(name: str) -> Iterator[int]:
    """Where each word begins, from the last to the first."""
    common = COMMON.search(name)
    if common:
        yield (start := common.start())
        peoples = common.group().startswith("自治"), common.group() in ("乡", "苏木")
        while any(peoples):
            found = NAMED_FOR.search(name, 0, start) or (
                ALONE.search(name, 0, start) if peoples[0] else None
            )
            if not found:
                break
            yield (start := found.start())
    yield 0


@cache
def _dictionary() -> Callable[..., list[str]]:
    """The reader, with the readings of CC-CEDICT."""
    from pypinyin import lazy_pinyin
    from pypinyin_dict.phrase_pinyin_data import cc_cedict

    cc_cedict.load()
    return lazy_pinyin


def _read(text: str) -> list[str]:
    return _dictionary()(text, v_to_u=True)


def _word(syllables: list[str]) -> str:
    """One word: a syllable that begins with a vowel is set off by an apostrophe."""
    word = ""
    for syllable in syllables:
        word += ("'" if word and word[-1].isalpha() and syllable[0] in "aeo" else "") + syllable
    first = LETTERS.search(word)
    return word if first is None else word[: first.start()] + word[first.start() :].capitalize()
