"""Words of each language that the guard knows: `speech.toml`, read once."""

import tomllib
from functools import cache
from pathlib import Path

_SPEECH: dict[str, dict[str, str]] = tomllib.loads(
    (Path(__file__).parent / "speech.toml").read_text("utf-8")
)
COMMON = {language: frozenset(words["common"].split()) for language, words in _SPEECH.items()}


def phrases(key: str) -> list[str]:
    """The phrases of every language under one key, longest first."""
    found = {
        phrase.strip()
        for words in _SPEECH.values()
        for phrase in words.get(key, "").split("|")
        if phrase.strip()
    }
    return sorted(found, key=lambda phrase: (-len(phrase), phrase))


@cache
def any_of(key: str) -> str:
    """An expression for any of these phrases; blanks in them stand for any blanks."""
    return "(?:" + "|".join(phrase.replace(" ", r"\s+") for phrase in phrases(key)) + ")"
