from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from makegood.bulk.actions import act_on_chosen, stop_bulk, try_on_matching
from makegood.bulk.models import BulkAct, BulkItem
from makegood.bulk.tidying import KEPT_FOR, throw_away_tried
from makegood.bulk.working import work_off
from makegood.ledger.models import Event


@pytest.fixture
def tried(lamp: Any, nora: Any) -> BulkAct:
    bulk = try_on_matching({"q": "is:open"}, {"do": "resolve", "with": ""}, by=nora)
    work_off(bulk.pk)
    return BulkAct.objects.get(pk=bulk.pk)


@pytest.mark.parametrize("is_left", [False, True])
def test_what_nobody_began_is_thrown_away_after_some_days(
    is_left: bool, tried: BulkAct, nora: Any
) -> None:
    if is_left:
        stop_bulk(tried, by=nora)
    now = timezone.now()
    assert throw_away_tried(now + KEPT_FOR - timedelta(hours=1)) == 0
    later = now + KEPT_FOR + timedelta(hours=1)
    assert [throw_away_tried(later) for _step in range(3)] == [1, 1, 0]
    assert (BulkAct.objects.count(), BulkItem.objects.count()) == (0, 0)
    assert Event.objects.filter(kind="bulk.tried").exists()


def test_what_was_done_is_kept_for_its_undo(lamp: Any, nora: Any) -> None:
    act_on_chosen([lamp.pk], {"do": "resolve", "with": ""}, by=nora)
    assert throw_away_tried(timezone.now() + 10 * KEPT_FOR) == 0
    assert BulkItem.objects.count() == 1
