"""From words to a mood: lists of phrases, what turns them round, and how loud it is said.

Nothing is asked of anybody else: no network and no model. What is no English and no German,
as far as can be told, has no mood here rather than a wrong one.
"""

import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from makegood.guard.languages import language_of
from makegood.kit.rx import rx

MOST = 4_000
"""So many letters are read: whoever writes more has said by then how they feel."""
REACH = 4
"""So many words a “not” turns round."""
_SENTENCE = rx(r"[^.!?\n;:]+[.!?;:]*")
_PIECE = rx(r"[\p{L}\p{M}']+")
_LOUD = rx(r"!!|\?\?|\?!|!\?")
_SHOUTED = rx(r"\b\p{Lu}{4,}\b")
_NO_SHOUTS = frozenset({"IBAN", "HTML", "ISBN", "JPEG", "GMBH", "SEPA", "PDFS", "USPS", "EMEA"})
_WORDS: dict[str, dict[str, str]] = tomllib.loads(
    (Path(__file__).parent / "words.toml").read_text("utf-8")
)


class Mood(StrEnum):
    """How somebody sounds, the worst first."""

    ANGRY = "angry"
    UNHAPPY = "unhappy"
    NEUTRAL = "neutral"
    PLEASED = "pleased"


@dataclass
class _Weighed:
    """What was found in the words."""

    anger: int = 0
    grief: int = 0
    joy: int = 0
    heat: int = 0


def mood_of(text: str) -> Mood | None:
    """How these words sound; None where they are in a language that we have no list of."""
    text = unicodedata.normalize("NFC", text[:MOST]).replace("’", "'")
    language = language_of(text)
    if language and language not in _WORDS:
        return None
    weighed = _Weighed(heat=_heat(text))
    for sentence in _SENTENCE.findall(text):
        line = _line(sentence)
        for spoken in [language] if language else _WORDS:
            _weigh(line, spoken, weighed)
    return _judged(weighed)


def _heat(text: str) -> int:
    """How loud it is: signs in a row, and words in capitals where not all is written so."""
    shouted = [word for word in _SHOUTED.findall(text) if word not in _NO_SHOUTS]
    return min(2, len(_LOUD.findall(text))) + (0 if text.isupper() else min(2, len(shouted)))


def _line(sentence: str) -> str:
    """The words of a sentence, each with a blank of its own on either side."""
    return "".join(f" {word} " for word in _PIECE.findall(sentence.lower()))


def _weigh(line: str, language: str, weighed: _Weighed) -> None:
    line = _any_of(language, "plain").sub("  ", line)
    weighed.anger += 2 * _plainly(line, language, "angry") + _plainly(line, language, "cross")
    weighed.grief += _plainly(line, language, "unhappy")
    for is_turned in _found(line, language, "pleased"):
        weighed.joy += not is_turned
        weighed.grief += is_turned


def _plainly(line: str, language: str, kind: str) -> int:
    """What is said and not denied: “I am not angry” is no anger."""
    return sum(not is_turned for is_turned in _found(line, language, kind))


def _found(line: str, language: str, kind: str) -> Iterator[bool]:
    """For each phrase that stands there, whether a “not” before it turns it round."""
    for match in _any_of(language, kind).finditer(line):
        before = " ".join(line[: match.start()].split()[-REACH:])
        clause = _any_of(language, "but").split(f" {before.replace(' ', '  ')} ")[-1]
        yield bool(_any_of(language, "not").search(clause))


@cache
def _any_of(language: str, kind: str) -> Any:
    """An expression for any of the phrases of a list; the longer ones first."""
    phrases = {
        " ".join(phrase.split())
        for line in _WORDS[language][kind].splitlines()
        for phrase in line.split("|")
        if phrase.strip()
    }
    ordered = sorted(phrases, key=lambda one: (-len(one), one))
    words = [one.replace(" ", "  ").replace("*", r"[\p{L}\p{M}']*") for one in ordered]
    return rx("(?: " + " | ".join(words) + " )")


def _judged(found: _Weighed) -> Mood:
    """Anger outweighs all; what went wrong outweighs thanks, which are often politeness."""
    heat = found.heat if found.grief or found.anger else 0
    if found.anger > 1 or (found.anger and (heat or found.grief)) or heat > 1:
        return Mood.ANGRY
    if found.anger or (found.grief and found.grief >= found.joy):
        return Mood.UNHAPPY
    return Mood.PLEASED if found.joy else Mood.NEUTRAL
