"""How Chinese is read aloud: what a person who types by sound confuses."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin, pinyin


@lru_cache(maxsize=65_536)
def sound(words: str) -> str:
    """Return the reading of Chinese words in pinyin without tones, syllables parted by a space."""
    return " ".join(lazy_pinyin(words, errors="ignore"))


@lru_cache(maxsize=65_536)
def sounds(character: str) -> frozenset[str]:
    """Return every reading of one character without tones: 重 is ``zhong`` and ``chong``."""
    readings = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore")
    return frozenset(readings[0]) if readings else frozenset()
