"""What the counting found: asked about by the tests, and printed as one line a promise."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass
class Tally:
    """Counts over all runs of one scene."""

    scene: str
    points: int = 0
    delivered: int = 0
    """Faults that fell: kills, refused writes, images of a cut."""
    acknowledged: int = 0
    """Things promised before the fault, over all runs."""
    lost: int = 0
    duplicated: int = 0
    corrupt: int = 0
    in_doubt: int = 0
    in_doubt_arrived: int = 0
    unacknowledged: int = 0
    """Kept, though the fault came before the promise: where duplicates are born."""
    stored_once: int = 0
    """Kept exactly once in the end, of everything that was given, over all runs."""
    ended: int = 0
    """Processes that did not go on after their disk had failed."""
    seconds: float = 0.0
    row: str = ""
    """The promise that this says something of."""

    def told(self) -> str:
        """One line for whoever reads the log."""
        return (
            f"{self.scene}: {self.delivered} faults of {self.points} fell, {self.acknowledged} "
            f"promises, {self.lost} lost, {self.duplicated} doubled, {self.corrupt} databases "
            f"broken, {self.in_doubt} in doubt ({self.in_doubt_arrived} had arrived), "
            f"{self.unacknowledged} kept unpromised, {self.ended} ended, {self.seconds} s"
        )


def count(row: str, tally: Tally) -> Tally:
    """Remember what a scene found, for the lines at the end of the run."""
    tally.row = row
    with _book().open("a") as book:
        book.write(json.dumps(asdict(tally)) + "\n")
    return tally


def lines() -> Iterator[str]:
    """What each scene found; then one line a promise, in order, and the sum."""
    if not _book().exists():
        return
    counted = [Tally(**json.loads(line)) for line in _book().read_text().splitlines()]
    for tally in counted:
        yield tally.told()
    for row in sorted({tally.row for tally in counted}):
        yield _line(row, [tally for tally in counted if tally.row == row])
    yield _line("sum", counted)


def _book() -> Path:
    """Where all workers of a run write: the folder is thrown away with it."""
    return Path(os.environ["MAKEGOOD_TEST_DATA"]) / "tallies"


def _line(row: str, tallies: list[Tally]) -> str:
    def total(name: str) -> int:
        return sum(getattr(tally, name) for tally in tallies)

    scenes = ",".join(dict.fromkeys(tally.scene.replace(" ", "-") for tally in tallies))
    return (
        f"{row} faults={total('delivered')} acked={total('acknowledged')} "
        f"stored_once={total('stored_once')} lost={total('lost')} dup={total('duplicated')} "
        f"corrupt={total('corrupt')} in_doubt={total('in_doubt')}"
        + ("" if row == "sum" else f" scenes={scenes}")
    )
