"""Characters that PDF files print in place of others: radicals and compatibility ideographs."""

import re
import unicodedata

# Radicals of the supplement (U+2E80 to U+2EFF) that stand for a simplified character of their own
# shape; Unicode gives them no mapping. After Unicode's EquivalentUnifiedIdeograph.txt.
_SUPPLEMENT = dict(
    zip(
        "⺁⺄⺆⺈⺊⺌⺍⺕⺘⺙⺛⺝⺞⺠⺢⺣⺤⺥⺧⺩⺬⺭⺮⺯⺱⺲⺴⺷⺹⺼⺽⻁⻄⻅⻆⻇⻉⻊⻋⻌⻐⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰",
        "厂乙冂勹卜小小彐扌攵旡月歺民氵灬爫爫牛王示礻竹糸罒罒网羊耂月臼虎西见角角贝足车辶钅長镸长门阝雨青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙",
        strict=True,
    )
)
_ODD = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")


def with_characters(text: str) -> tuple[str, int]:
    """Return a text with each radical as the character it stands for, and how many there were.

    Nothing else is changed: full-width forms and punctuation stay as they are.
    """
    mended = _ODD.sub(lambda found: _character(found[0]), text)
    return mended, sum(before != after for before, after in zip(text, mended, strict=True))


def _character(radical: str) -> str:
    normal = _SUPPLEMENT.get(radical) or unicodedata.normalize("NFKC", radical)
    return normal if len(normal) == 1 else radical
