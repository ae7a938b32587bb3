"""How mail programs speak: one file of words per language, read once. Add a language by a file.

| key | holds |
|---|---|
| `verbs` | what stands for “wrote” in the line above a quote |
| `you` | persons: with one of them the line is the writer's own, not the program's |
| `from`, `date`, `to`, `cc`, `subject` | labels of the block above an answered mail |
| `original`, `forwarded` | words between dashes above an answered, or a forwarded, mail |
| `mobile`, `mobile_ends` | how “Sent from my phone” begins, or ends |
| `away` | how the subject of an answer by machine begins |
| `away_text` | what such an answer says |
| `disclaimer` | words of small print; the first of them weigh more |
"""

import tomllib
from collections.abc import Iterable
from pathlib import Path

Words = dict[str, list[str]]

LANGUAGES: dict[str, Words] = {
    path.stem: tomllib.loads(path.read_text("utf-8"))
    for path in sorted(Path(__file__).parent.glob("*.toml"))
}
LABELS = ("from", "date", "to", "cc", "subject")


def everywhere(key: str) -> Iterable[str]:
    """The words of every language, once each, longest first."""
    found = {word for words in LANGUAGES.values() for word in words.get(key, ())}
    return sorted(found, key=lambda word: (-len(word), word))


def _labels() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for kind in LABELS:
        for label in everywhere(kind):
            found.setdefault(label, set()).add(kind)
    return {label: frozenset(kinds) for label, kinds in found.items()}


LABEL_KINDS = _labels()
VERBS = tuple(everywhere("verbs"))
SPEAKERS = [(tuple(each["verbs"]), frozenset(each["you"])) for each in LANGUAGES.values()]
"""Of each language, its words for “wrote” and its persons."""

ORIGINAL = frozenset(everywhere("original"))
FORWARDED = frozenset(everywhere("forwarded"))
MOBILE_STARTS = tuple(everywhere("mobile"))
MOBILE_ENDS = tuple(everywhere("mobile_ends"))
AWAY = tuple(everywhere("away"))
AWAY_TEXT = tuple(everywhere("away_text"))
