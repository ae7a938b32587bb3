"""The figures of a run stand at its end, one line a promise."""

from typing import Any

from tests.faults.tally import lines


def pytest_terminal_summary(terminalreporter: Any) -> None:
    told = list(lines())
    if told:
        terminalreporter.section("faults")
        for line in told:
            terminalreporter.write_line(line)
