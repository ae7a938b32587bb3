"""The sentences that were written before the patterns, and what is promised in each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from makegood.calendars.hours import Hours, Shift
from makegood.promises.wording.recognising import Found, recognise

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 10, tzinfo=BERLIN).astimezone(UTC)
HOURS = Hours(BERLIN, (*((Shift(540, 1020),),) * 5, (), ()))


@dataclass(frozen=True)
class Sentence:
    """One line of a corpus: when its promise is due, or nothing where none is made."""

    text: str
    due_at: datetime | None


@dataclass(frozen=True)
class Figures:
    """How many promises were made, found with the right time, found wrongly."""

    made: int
    right: int
    wrong: int
    missed: tuple[str, ...]
    alarms: tuple[str, ...]

    @property
    def recall(self) -> float:
        return self.right / self.made

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong)


def sentences_of(name: str) -> Iterator[Sentence]:
    for line in (Path(__file__).parent / "corpus" / f"{name}.txt").read_text().splitlines():
        if not line.startswith("#"):
            due, _gap, text = line.partition(" | ")
            moment = None if due == "-" else datetime.fromisoformat(due).replace(tzinfo=BERLIN)
            yield Sentence(text, moment)


def found_in(text: str, language: str = "", hours: Hours | None = HOURS) -> list[Found]:
    return recognise(text, language, NOW, BERLIN, hours)


def measured(name: str, language: str = "") -> Figures:
    """A promise counts as found where the last one found in its sentence has its very minute."""
    made = right = wrong = 0
    missed, alarms = [], []
    for sentence in sentences_of(name):
        found = found_in(sentence.text, language)
        made += sentence.due_at is not None
        hit = bool(found) and found[-1].due_at == sentence.due_at
        right += hit
        if sentence.due_at and not hit:
            missed.append(
                f"{sentence.text} {[str(one.due_at.astimezone(BERLIN)) for one in found]}"
            )
        if found and not hit:
            wrong += 1
            alarms.append(f"{sentence.text} → {found[-1].words}")
    return Figures(made, right, wrong, tuple(missed), tuple(alarms))
