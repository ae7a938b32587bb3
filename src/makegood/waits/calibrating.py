"""Whether what was told came true: shares within, and the pinball loss."""

from collections.abc import Iterable
from dataclasses import dataclass

from makegood.waits.curves import MEDIAN, MOST


@dataclass(frozen=True, kw_only=True)
class Said:
    """One thing told, in seconds, and how long it really took."""

    median: float
    most: float
    seconds: float
    is_over: bool = True
    """Else it still runs, or ended without an answer, after so long."""


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Of so many that were told: how many were answered within what was said."""

    n: int
    within_median: float
    within_most: float
    pinball: float
    """The mean loss of both quantiles, in hours: 0 is knowing it beforehand."""
    sharpness: float
    """The median length between both, in hours."""


def calibrated(told: Iterable[Said]) -> Calibration | None:
    """The figures. Whoever asks leaves out what was told so lately that it may still come true."""
    known = list(told)
    if not known:
        return None
    n = len(known)
    loss = sum(_loss(one.seconds, one.median, MEDIAN) + _loss(one.seconds, one.most, MOST)
               for one in known)  # fmt: skip
    widths = sorted(one.most - one.median for one in known)
    return Calibration(
        n=n,
        within_median=sum(one.is_over and one.seconds <= one.median for one in known) / n,
        within_most=sum(one.is_over and one.seconds <= one.most for one in known) / n,
        pinball=loss / (2 * n * 3600),
        sharpness=widths[n // 2] / 3600,
    )


def _loss(real: float, said: float, at: float) -> float:
    """Koenker and Bassett, 1978."""
    return max(at * (real - said), (at - 1) * (real - said))
