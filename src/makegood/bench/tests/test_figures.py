import json
import time

import pytest
from django.db import connection

from makegood.bench import bare
from makegood.bench.figures import figure, in_turns
from makegood.bench.running import BENCHES, FLAT
from makegood.conversations.models import Conversation


def test_a_figure_is_one_object_with_its_baseline() -> None:
    told = json.loads(figure("inbox.first_page", 6.0, "ms", 2.0, 40).as_json())
    assert told == {
        "name": "inbox.first_page",
        "value": 6.0,
        "unit": "ms",
        "baseline": 2.0,
        "ratio": 3.0,
        "n": 40,
    }


def test_without_a_baseline_there_is_no_ratio() -> None:
    assert figure("live.median_ms", 12.0, "ms").ratio is None


def test_acts_are_measured_in_turns() -> None:
    done: list[str] = []

    def slow() -> None:
        done.append("slow")
        time.sleep(0.004)

    def quick() -> None:
        done.append("quick")

    slow_ms, quick_ms = in_turns([slow, quick], 5, 1)
    assert slow_ms > 3 > quick_ms
    assert done == ["slow", "quick"] * 6


def test_every_flat_figure_belongs_to_a_bench() -> None:
    assert set(FLAT) <= set(BENCHES)


@pytest.mark.parametrize("page", ["inbox", "later", "conversation"])
def test_the_bare_pages_show_the_same_rows(lamp: Conversation, page: str) -> None:
    if page == "later":
        Conversation.objects.update(status="resolved", resolved_at=lamp.last_at)
    at = connection.ops.adapt_datetimefield_value(lamp.last_at)
    asked = {"agent": "1", "pk": str(lamp.pk), "id": str(lamp.pk + 1), "at": str(at)}
    assert "Ida Berg" in bare.PAGES[page](asked)
