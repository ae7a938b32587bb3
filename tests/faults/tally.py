"""What the counting found: asked about by the tests, and printed as one line a promise."""

from collections.abc import Iterator
from dataclasses import dataclass


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


_COUNTED: list[Tally] = []


def count(row: str, tally: Tally) -> Tally:
    """Remember what a scene found, for the lines at the end of the run."""
    tally.row = row
    _COUNTED.append(tally)
    return tally


def lines() -> Iterator[str]:
    """One line a promise, in order, and the sum."""
    for row in sorted({tally.row for tally in _COUNTED}):
        yield _line(row, [tally for tally in _COUNTED if tally.row == row])
    if _COUNTED:
        yield _line("sum", _COUNTED)


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
