"""What we build on: locked with hashes, new enough to be safe, from nowhere in particular."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.house.source import ROOT

LOCKS = ["build", "run", "test"]

# The first release without a known hole, or without a known way to lose data.
FLOORS = {
    "django": "5.2.19",
    "django-allauth": "65.21",
    "jinja2": "3.1.6",  # sandbox escape through |attr
    "nh3": "0.3.8",
    "cryptography": "50.0",
    "dkimpy": "1.1.8",
    "h11": "0.16",  # chunked-encoding leniency
    "httpx": "0.28",
    "pysqlite3": "0.6.1",  # SQLite without the WAL-reset race
    "idna": "3.7",
    "sqlparse": "0.5.4",
    "certifi": "2024.7.4",
}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_its_hashes_and_no_address(lock):
    text = (ROOT / f"requirements/{lock}.lock").read_text()
    entries = re.split(r"\n(?=[a-z0-9])", text, flags=re.IGNORECASE)
    bare = [e.splitlines()[0] for e in entries if re.match(r"[a-z0-9]", e) and "--hash=" not in e]
    assert not bare
    assert "://" not in text
    assert not re.search(r"^--", text, re.MULTILINE)


def test_the_locks_meet_every_wish():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    run, test = _locked("run"), _locked("test")
    wishes = project["project"]["dependencies"]
    unmet = [wish for wish in wishes if not _meets(run, wish)]
    unmet += [wish for wish in project["dependency-groups"]["test"] if not _meets(test, wish)]
    assert not unmet, f"run bin/lock: {unmet}"


def test_both_locks_name_the_same_versions():
    run, test = _locked("run"), _locked("test")
    assert run == {name: test.get(name) for name in run}


def test_nothing_locked_is_older_than_its_floor():
    test = _locked("test")
    old = {name: floor for name, floor in FLOORS.items() if test[name] < Version(floor)}
    assert not old


def test_an_old_release_would_be_noticed():
    assert not _meets({"django": Version("5.2.18")}, "django>=5.2.19")


def _locked(lock: str) -> dict[str, Version]:
    text = (ROOT / f"requirements/{lock}.lock").read_text()
    pins = re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", text, re.MULTILINE)
    return {canonicalize_name(name): Version(version) for name, version in pins}


def _meets(locked: dict[str, Version], wish: str) -> bool:
    requirement = Requirement(wish)
    version = locked.get(canonicalize_name(requirement.name))
    return version is not None and version in requirement.specifier
