"""What every test of the house stands on, wherever it lies."""

import os
import socket
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = (
    ["tests.world"] if Path(__file__).with_name("tests").joinpath("world.py").exists() else []
)

# A busy machine is not a defect: no example is timed, and none is called too slow to make.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

LANES = {"house", "mail", "browser", "faults", "stores"}
"""Folders under tests/ whose tests carry the folder's name as their mark."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    tests = Path(__file__).parent / "tests"
    for item in items:
        if item.path.is_relative_to(tests):
            folder = item.path.relative_to(tests).parts[0]
            if folder in LANES:
                item.add_marker(folder)
    if os.environ.get("MAKEGOOD_TEST_DATABASES"):
        _leave_to_the_fast_lane(
            [item for item in items if not _asks_a_database(item)], config, items
        )


def _asks_a_database(item: pytest.Item) -> bool:
    """Whether another database could make a difference: what only reads and reckons ran already."""
    if item.path.is_relative_to(Path(__file__).parent / "tests"):
        return True  # many of these start the product in processes of its own
    fixtures = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    return bool(fixtures) or item.get_closest_marker("django_db") is not None


def _leave_to_the_fast_lane(
    left: list[pytest.Item], config: pytest.Config, items: list[pytest.Item]
) -> None:
    gone = set(left)
    items[:] = [item for item in items if item not in gone]
    config.hook.pytest_deselected(items=left)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Each worker's database begins migrated, if this run keeps moulds."""
    from django.db import connection  # settings must be ready first

    from tests.moulds import pour_for_tests

    pour_for_tests(connection)


def pytest_configure() -> None:
    """Let a test that commits be cleaned away: the ledger refuses to be emptied otherwise."""
    from django.db import connection  # settings must be ready first
    from django.test import TransactionTestCase

    from makegood.ledger import triggers
    from makegood.search.index import backend

    empty = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def empty_without_triggers(case: TransactionTestCase) -> None:
        triggers.remove(connection)
        try:
            empty(case)
            # No model stands for the words of the index: what is left would crowd the next test.
            backend().empty()
        finally:
            triggers.install(connection)

    TransactionTestCase._fixture_teardown = empty_without_triggers  # type: ignore[attr-defined]


FAILED_FIRST = pytest.StashKey[str]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Make what a test printed fit to travel: hostile bytes must not fell a worker.

    What failed a second time says how the first went: that is the one to look into.
    """
    report: pytest.TestReport = yield
    if report.failed:
        if first := item.stash.get(FAILED_FIRST, ""):
            report.sections.append(("how it failed the first time", first))
        else:
            item.stash[FAILED_FIRST] = report.longreprtext[:3000]
    report.sections = [(name, _printable(text)) for name, text in report.sections]
    return report


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("postgres") or item.get_closest_marker("sqlite"):
        from django.db import connection  # settings must be ready first

        if not item.get_closest_marker(connection.vendor.replace("postgresql", "postgres")):
            pytest.skip(f"says nothing of {connection.vendor}")


@pytest.fixture(autouse=True)
def _events_begin_at_one(request: pytest.FixtureRequest) -> None:
    """A test that was rolled back used up numbers; on PostgreSQL they would look like open gaps."""
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        from django.db import connection  # settings must be ready first

        if connection.vendor == "postgresql":
            request.getfixturevalue("db")
            with connection.cursor() as cursor:
                cursor.execute("SELECT setval('ledger_event_id_seq', 1, false)")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing a test does may leave this machine."""
    connect = socket.socket.connect

    def connect_nearby(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_nearby(str(address[0])):
            raise AssertionError(f"A test reached for the network: {address!r}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_nearby)


def _is_nearby(host: str) -> bool:
    return host in {"localhost", "::1", ""} or host.startswith("127.")


class TellsAtOnce:
    """Says what failed as it fails: a run that is cut off must not take the reasons with it."""

    def __init__(self, reporter: Any) -> None:
        self.reporter = reporter
        self.began_at = time.monotonic()

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        outcome = str(report.outcome)  # "rerun" is the plug-in's own
        if outcome not in {"failed", "rerun"}:
            return
        seconds = time.monotonic() - self.began_at
        self.reporter.ensure_newline()
        self.reporter.line(f"{outcome} after {seconds:.0f} s of this lane: {report.nodeid}")
        for line in report.longreprtext.splitlines()[:30]:
            self.reporter.line(f"    {line[:300]}")


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and not hasattr(session.config, "workerinput"):
        session.config.pluginmanager.register(TellsAtOnce(reporter))


MOST_UNSTEADY = 3
"""Tests of a lane that may need their second run; more are no accident."""


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and len(reporter.stats.get("rerun", ())) > MOST_UNSTEADY:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Name what needed a second run, and what the faults cost; leave the counts to `bin/test`."""
    from tests.faults.tally import lines

    unsteady = terminalreporter.stats.get("rerun", ())
    if unsteady:
        terminalreporter.section("unsteady: passed the second time only, or not even then")
        for report in unsteady:
            terminalreporter.line(f"{report.nodeid}\n{report.longreprtext[:2500]}")
    is_worker = hasattr(terminalreporter.config, "workerinput")
    if not is_worker and (told := list(lines())):
        terminalreporter.section("faults")
        for line in told:
            terminalreporter.write_line(line)
    tally = os.environ.get("MAKEGOOD_TEST_TALLY")
    if tally and not is_worker:
        counts = {
            outcome: len(terminalreporter.stats.get(outcome, ()))
            for outcome in ("passed", "failed", "error", "skipped", "rerun")
        }
        with Path(tally).open("a") as file:
            failed = counts["failed"] + counts["error"]
            told = (counts["passed"], failed, counts["skipped"], counts["rerun"])
            file.write(" ".join(map(str, told)) + "\n")
