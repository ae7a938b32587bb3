"""How often something is late, how sure that is, and in which band it lies."""

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

Z = 1.959964
SOME, MANY = 0.05, 0.20
FEW = 30
"""With fewer orders a rate says little, whatever it is."""


class Band(StrEnum):
    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"


@dataclass(frozen=True, kw_only=True)
class Rate:
    """Of so many, so many were late."""

    late: int
    n: int

    @property
    def share(self) -> float:
        return self.late / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true share lies, 95 times of 100 (Wilson, JASA 22:158, 1927)."""
        if not self.n:
            return 0.0, 1.0
        spread = Z * Z / self.n
        middle = (self.share + spread / 2) / (1 + spread)
        half = Z * sqrt(self.share * (1 - self.share) / self.n + spread / (4 * self.n))
        half /= 1 + spread
        low = 0.0 if not self.late else max(0.0, middle - half)
        return low, 1.0 if self.late == self.n else min(1.0, middle + half)

    @property
    def band(self) -> Band:
        return band_of(self.share)

    @property
    def is_sure(self) -> bool:
        """Whether there are enough of them, and the whole interval lies in one band."""
        low, high = self.interval
        return self.n >= FEW and band_of(low) == band_of(high)


def band_of(share: float) -> Band:
    return Band.LOW if share < SOME else Band.MIDDLE if share <= MANY else Band.HIGH
