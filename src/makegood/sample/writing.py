"""What the customers and agents of the sample desk write: drawn from sentences, by a seed."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

TEXTS = Path(__file__).parent / "data" / "texts.toml"
VARIANTS = 6
"""How often a sentence is drawn with other products, cities and days."""
COMMON_WORD, RARE_WORD = "verdigris", "astrolabe"
"""Words for measuring: one stands in every hundredth message, the other in twenty of them."""


@dataclass(frozen=True)
class Voice:
    """One language: names, and sentences with their blanks filled in."""

    language: str
    first: list[str]
    last: list[str]
    subjects: list[str]
    greetings: list[str]
    asks: list[str]
    answers: list[str]
    notes: list[str]
    closings: list[str]
    sign: str


@lru_cache(maxsize=1)
def voices() -> tuple[list[Voice], list[int]]:
    """Every language, and how often each is spoken."""
    texts = tomllib.loads(TEXTS.read_text())
    random = Random(7)  # noqa: S311  # the same desk every time
    found = [_voice(language, text, random) for language, text in texts.items()]
    return found, [text["weight"] for text in texts.values()]


def _voice(language: str, text: dict[str, Any], random: Random) -> Voice:
    def filled(sentences: list[str]) -> list[str]:
        return list(_filled(sentences, text, random))

    return Voice(
        language=language,
        first=text["first"],
        last=text["last"],
        subjects=filled(text["subjects"]),
        greetings=text["greetings"],
        asks=filled(text["asks"]),
        answers=filled(text["answers"]),
        notes=filled(text["notes"]),
        closings=text["closings"],
        sign=text["sign"],
    )


def _filled(sentences: list[str], text: dict[str, Any], random: Random) -> Iterator[str]:
    for sentence in sentences:
        for _variant in range(VARIANTS):
            yield sentence.format(
                p=random.choice(text["products"]),
                c=random.choice(text["cities"]),
                d=random.choice(text["days"]),
                o="{o}",
            )


def order_number(number: int) -> str:
    return f"LL-{100_000 + number % 900_000}"


def subject(voice: Voice, order: str, random: Random) -> str:
    return random.choice(voice.subjects).replace("{o}", order)[:250]


def asks(voice: Voice, name: str, order: str, random: Random) -> str:
    """A customer's message: short as a rule, and now and then very long."""
    chance = random.random()
    sentences = random.randint(2, 6) if chance < 0.95 else random.randint(15, 60)
    body = " ".join(random.choices(voice.asks, k=sentences)).replace("{o}", order)
    if chance < 0.6:
        body = f"{random.choice(voice.greetings)}\n\n{body}"
    return f"{body}\n\n{random.choice(voice.closings)}\n{name}"


def answers(voice: Voice, name: str, agent: str, order: str, random: Random) -> str:
    body = " ".join(random.choices(voice.answers, k=random.randint(2, 5))).replace("{o}", order)
    return f"{name},\n\n{body}\n\n{voice.sign}\n{agent}"


def note(voice: Voice, random: Random) -> str:
    return random.choice(voice.notes).replace("{o}", "")
