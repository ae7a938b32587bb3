"""What a bench says: one JSON object a figure, with its baseline from the same run."""

import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A measured value, the bare operation beside it, and how often it was measured."""

    name: str
    value: float
    unit: str
    baseline: float | None = None
    ratio: float | None = None
    n: int = 1

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    def as_line(self) -> str:
        beside = f"{self.baseline:>10.2f}" if self.baseline is not None else " " * 10
        times = f"{self.ratio:>7.2f} ×" if self.ratio is not None else " " * 9
        return f"{self.name:<28} {self.value:>10.2f} {self.unit:<8}{beside}{times}  n={self.n}"


def figure(name: str, value: float, unit: str, baseline: float | None = None, n: int = 1) -> Figure:
    """A figure with its ratio; `baseline` in the same unit."""
    return Figure(
        name=name,
        value=round(value, 3),
        unit=unit,
        baseline=None if baseline is None else round(baseline, 3),
        ratio=round(value / baseline, 3) if baseline else None,
        n=n,
    )


Act = Callable[[], object]


def in_turns(acts: Sequence[Act], rounds: int, warm_up: int = 10) -> list[float]:
    """The median milliseconds of each act, measured in turns so that all meet the same noise."""
    for _round in range(warm_up):
        for act in acts:
            act()
    taken: list[list[float]] = [[] for _ in acts]
    for _round in range(rounds):
        for act, times in zip(acts, taken, strict=True):
            began = time.perf_counter()
            act()
            times.append((time.perf_counter() - began) * 1000)
    return [statistics.median(times) for times in taken]
