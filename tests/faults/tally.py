"""What the counting found: printed by each run, and asked about by the tests."""

from dataclasses import dataclass


@dataclass
class Tally:
    """Counts over all runs of one scene."""

    scene: str
    points: int = 0
    delivered: int = 0
    """Kills that fell."""
    acknowledged: int = 0
    """Things promised before the kill, over all runs."""
    lost: int = 0
    duplicated: int = 0
    corrupt: int = 0
    in_doubt: int = 0
    in_doubt_arrived: int = 0
    unacknowledged: int = 0
    """Kept, though the kill came before the promise: where duplicates are born."""
    seconds: float = 0.0

    def told(self) -> str:
        """One line for whoever reads the log."""
        return (
            f"{self.scene}: {self.delivered} kills of {self.points} fell, {self.acknowledged} "
            f"promises, {self.lost} lost, {self.duplicated} doubled, {self.corrupt} databases "
            f"broken, {self.in_doubt} in doubt ({self.in_doubt_arrived} had arrived), "
            f"{self.unacknowledged} kept unpromised, {self.seconds} s"
        )
