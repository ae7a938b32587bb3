"""Two who save the same name at the same moment: one is let in, the other hears why not."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from makegood.automation.actions import Wish as RuleWish
from makegood.automation.actions import save_rule
from makegood.calendars.actions import Wish, save_calendar
from makegood.calendars.hours import Shift
from makegood.conversations.saving import ViewSettings, save_view
from makegood.fields import actions as fields
from makegood.kit.errors import Refused
from makegood.macros.actions import MacroWish, ReplyWish, save_macro, save_reply
from makegood.people.segments import save_segment
from makegood.promises.models import Policy
from makegood.promises.policies import PolicyWish, draft_policy
from makegood.tags.actions import save_tag
from makegood.team.actions import add_agent, save_team
from makegood.team.models import Agent
from makegood.team.roles import save_role

Save = Callable[[Agent], object]
HOUR = {"first_answer": {"seconds": 3600, "clock": "hours"}}
DAY = [[Shift(540, 1020)]] * 7
RULE = RuleWish(name="Soon", trigger="conversation.opened", acts=[("priority", "high")])
PATIENCE = 15
"""Less than a session waits for another's lock."""

SAVED: dict[str, Save] = {
    "policy": lambda by: draft_policy(None, PolicyWish(name="Soon", targets=HOUR), by=by),
    "hours": lambda by: save_calendar(None, Wish(name="Soon", zone="UTC", week=DAY), by=by),
    "tag": lambda by: save_tag(None, name="soon", by=by),
    "team": lambda by: save_team(None, name="Soon", agents=[], by=by),
    "role": lambda by: save_role(None, name="Soon", words="", permissions=[], by=by),
    "agent": lambda by: add_agent("soon@example.com", "Soon", by=by),
    "segment": lambda by: save_segment(None, name="Soon", conditions={"name": "ida"}, by=by),
    "macro": lambda by: save_macro(None, MacroWish(name="Soon", acts=[("resolve", "")]), by=by),
    "reply": lambda by: save_reply(None, ReplyWish(name="Soon", texts={"en": "Soon."}), by=by),
    "rule": lambda by: save_rule(None, RULE, by=by),
    "view": lambda by: save_view(ViewSettings(name="Soon", query="status:open"), by=by),
    "field": lambda by: fields.save_field(None, fields.Wish(name="Soon"), by=by),
}


def is_waited_for() -> bool:
    """Whether somebody waits for what another has not committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", SAVED)
def test_whoever_saves_a_moment_later_is_refused_in_words(what: str, olga: Agent) -> None:
    heard: list[str] = []

    def late() -> None:
        try:
            SAVED[what](olga)
            heard.append("saved")
        except Refused as refused:
            heard.append(str(refused))
        finally:
            connection.close()

    second = threading.Thread(target=late)
    with transaction.atomic():
        SAVED[what](olga)
        second.start()
        until = time.monotonic() + PATIENCE
        while not is_waited_for() and second.is_alive() and time.monotonic() < until:
            time.sleep(0.01)
    second.join(PATIENCE)
    assert len(heard) == 1
    assert heard[0].startswith("Somebody saved the same a moment ago.")


@pytest.mark.django_db
def test_whoever_saves_it_again_later_hears_that_it_is_there(olga: Agent) -> None:
    SAVED["policy"](olga)
    with pytest.raises(Refused, match="already one called"):
        SAVED["policy"](olga)
    assert Policy.objects.filter(name="Soon").count() == 1


@pytest.mark.parametrize("what", ["macro", "reply", "rule", "view"])
@pytest.mark.django_db
def test_a_name_that_is_taken_is_refused_by_its_own_words(what: str, olga: Agent) -> None:
    SAVED[what](olga)
    with pytest.raises(Refused, match="already one called"):
        SAVED[what](olga)
