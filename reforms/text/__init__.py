"""Normalise, tokenise, cut and difference Chinese and English texts; no database, no Django."""

from reforms.text.cutting import characters, words
from reforms.text.differences import (
    Difference,
    Mark,
    Piece,
    Segment,
    difference,
    likeness,
)
from reforms.text.normalising import Letter, Script, letters, normalise
from reforms.text.sentences import sentences
from reforms.text.sharing import SharedPhrase, shared_phrases
from reforms.text.sounds import sound, sounds
from reforms.text.tokens import Phrase, Token, find_phrase, phrase, tokenise
from reforms.text.widths import full_width

__all__ = [
    "Difference",
    "Letter",
    "Mark",
    "Phrase",
    "Piece",
    "Script",
    "Segment",
    "SharedPhrase",
    "Token",
    "characters",
    "difference",
    "find_phrase",
    "full_width",
    "letters",
    "likeness",
    "normalise",
    "phrase",
    "sentences",
    "shared_phrases",
    "sound",
    "sounds",
    "tokenise",
    "words",
]
