"""Normalise, tokenise and cut Chinese and English texts; no database, no Django."""

from reforms.text.cutting import characters, words
from reforms.text.normalising import Letter, Script, letters, normalise, only_text
from reforms.text.sounds import sound, sounds
from reforms.text.tokens import Phrase, Token, find_phrase, phrase, tokenise

__all__ = [
    "Letter",
    "Phrase",
    "Script",
    "Token",
    "characters",
    "find_phrase",
    "letters",
    "normalise",
    "only_text",
    "phrase",
    "sound",
    "sounds",
    "tokenise",
    "words",
]
