"""Whatever eight do at once, the sums are right and no limit is passed: on both databases."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from makegood.makegoods.tests.racing import Outcome, race
from tests.lamp_shop import LampShop
from tests.moulds import pour


@pytest.fixture
def lamps() -> Iterator[LampShop]:
    shop = LampShop(repeats=True)
    yield shop
    shop.close()


def _is_right(found: Outcome) -> None:
    assert found.broke == []
    assert found.wrong == []
    acts = {"_make_good", "_ask_the_shop", "_step", "_work", "refused"}
    assert acts <= found.done.keys(), "else nothing was tried"


@pytest.mark.sqlite
@pytest.mark.django_db
def test_nothing_is_given_twice_or_beyond_a_limit_in_a_file(tmp_path: Path) -> None:
    pour(tmp_path / "makegood.sqlite3")
    environment = {**os.environ, "MAKEGOOD_DATA": str(tmp_path)}
    environment |= {"DJANGO_SETTINGS_MODULE": "makegood.config.settings"}
    environment |= {"MAKEGOOD_TEST_DATA": str(tmp_path)}
    environment.pop("DATABASE_URL", None)
    for command in (["makegood", "migrate", "-v0"], ["makegood.makegoods.tests.racing"]):
        done = subprocess.run(
            [sys.executable, "-m", *command], env=environment, capture_output=True, text=True,
            timeout=400, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
    _is_right(Outcome(**json.loads(done.stdout.splitlines()[-1])))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_nothing_is_given_twice_or_beyond_a_limit(lamps: LampShop, settings: object) -> None:
    _is_right(race(lamps.host, lamps.url, lamps.times))
