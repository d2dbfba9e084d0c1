"""Normalise, tokenise and cut Chinese and English texts; no database, no Django."""

from reforms.text.cutting import characters, words
from reforms.text.normalising import Letter, Script, letters, normalise
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
    "phrase",
    "sound",
    "sounds",
    "tokenise",
    "words",
]
