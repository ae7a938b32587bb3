"""A time that stands alone, as somebody types it: `2 h`, `tomorrow noon`, `bis Freitag`."""

from makegood.promises.wording.due import When
from makegood.promises.wording.english_times import ENGLISH_TIMES
from makegood.promises.wording.german_times import GERMAN_TIMES
from makegood.promises.wording.times import times_in
from makegood.promises.wording.words import sentences

LONGEST = 80
_AS_SAID = (
    ("in ", ENGLISH_TIMES), ("by ", ENGLISH_TIMES), ("", ENGLISH_TIMES),
    ("in ", GERMAN_TIMES), ("bis ", GERMAN_TIMES), ("", GERMAN_TIMES),
)  # fmt: skip


def time_named(words: str) -> When | None:
    """What is meant, where all of the words name one time, in English or in German."""
    if len(words) > LONGEST:
        return None
    for before, speech in _AS_SAID:
        said = list(sentences(f"{before}{words.strip()}"))
        found = times_in(said[0], speech) if len(said) == 1 else []
        if len(found) == 1 and (found[0].begins, found[0].ends) == (0, len(said[0].all)):
            return found[0].when
    return None
