"""What was told against what happened, as a drawing: a share for each half, with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass

from makegood.waits.calibrating import Calibration
from makegood.waits.curves import MEDIAN, MOST

WIDTH, MARGIN = 240, 8
SURE = 1.96
"""An interval that holds the true share in 95 of 100 cases."""


@dataclass(frozen=True, kw_only=True)
class Share:
    """One share on the scale from nothing to all; where it should stand, where it may truly lie."""

    percent: int
    wanted: int
    x: float
    wanted_x: float
    low_x: float
    high_x: float
    is_kept: bool
    """Whether what was promised lies within the interval, or better."""


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What the page draws and says of one inbox."""

    n: int
    median: Share
    most: Share
    pinball: float
    width: int = WIDTH + 2 * MARGIN

    @property
    def shares(self) -> Sequence[Share]:
        return self.median, self.most


def truth_of(calibration: Calibration | None) -> Truth | None:
    if calibration is None:
        return None
    n = calibration.n
    return Truth(
        n=n,
        median=_share(calibration.within_median, MEDIAN, n),
        most=_share(calibration.within_most, MOST, n),
        pinball=calibration.pinball,
    )


def _share(real: float, wanted: float, n: int) -> Share:
    low, high = interval(real, n)
    return Share(
        percent=round(100 * real),
        wanted=round(100 * wanted),
        x=_x(real),
        wanted_x=_x(wanted),
        low_x=_x(low),
        high_x=_x(high),
        is_kept=high >= wanted,
    )


def _x(share: float) -> float:
    return round(MARGIN + WIDTH * share, 1)


def interval(share: float, n: int) -> tuple[float, float]:
    """Where the true share may lie (Wilson, JASA 22, 1927)."""
    spread = SURE**2 / n
    middle = (share + spread / 2) / (1 + spread)
    half = SURE / (1 + spread) * (share * (1 - share) / n + spread / (4 * n)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)
