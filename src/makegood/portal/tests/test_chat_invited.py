"""What the chat's invitations lead to is counted: once, within bounds, and traced to a chat."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from makegood.channels.models import Inbox
from makegood.chat.inviting import Fared, fared
from makegood.chat.models import Showing
from makegood.conversations.models import Conversation
from makegood.desk.story import story_of
from makegood.ledger.models import Event
from makegood.portal.budgets import BUDGETS
from makegood.portal.embedding import origin_of
from makegood.portal.tests.test_chat import KARIM, Browser

RULE = {
    "key": "invitation-1", "words": {"en": "Which lamp do you look for?", "de": "Welche Lampe?"},
    "page": "", "seconds": 5, "cart": 0, "returning": False, "days": 7,
}  # fmt: skip
WORD = "word-of-a-browser-for-a-day"


@pytest.fixture
def inviting(chat: Inbox) -> Inbox:
    chat.settings["chat"] = {"invitations": [RULE]}
    chat.save(update_fields=["settings"])
    return chat


@pytest.fixture
def ida(inviting: Inbox) -> Browser:
    return Browser(inviting)


def tells(browser: Browser, became: str = "shown", word: str = WORD, **more: Any) -> int:
    body = {"invitation": "invitation-1", "word": word, "became": became, **more}
    return int(browser.post("invited/", body).status_code)


def counted(inbox: Inbox, days: int = 7) -> tuple[int, int, int, int]:
    [found] = [one for one in fared(inbox, timezone.now())["invitation-1"] if one.days == days]
    return found.shown, found.opened, found.put_away, found.led


def test_what_became_of_it_is_counted_once_for_each_browser(ida: Browser, inviting: Inbox) -> None:
    assert fared(inviting, timezone.now())["invitation-1"][0] == Fared(
        days=7, shown=0, opened=0, put_away=0, led=0
    )
    for _again in range(2):
        for became in ("shown", "opened", "put away"):
            assert tells(ida, became) == 204
    tells(ida, word="word-of-another-browser")
    assert counted(inviting) == counted(inviting, 30) == (2, 1, 1, 0)


def test_who_writes_after_it_is_counted_and_agents_read_what_it_said(
    ida: Browser, inviting: Inbox
) -> None:
    tells(ida)
    led: dict[str, Any] = {"invited": {"invitation": "invitation-1", "word": WORD}}
    for _again in range(2):
        assert ida.say("A brass one, please", **led).status_code == 201
    ida.say("Or a tin one", "second-word-of-ida", **led)
    assert counted(inviting) == (1, 1, 0, 1)
    event = Event.objects.get(kind="chat.invitation_answered")
    assert event.facts["showing"] == Showing.objects.get(led_to=Conversation.objects.get()).pk
    parts = story_of(Conversation.objects.get()).parts
    told = [str(line.words) for part in parts for line in part.told]
    assert any("Which lamp do you look for?" in line for line in told)


def test_nothing_counts_that_was_never_shown(ida: Browser, inviting: Inbox) -> None:
    tells(ida, "opened")
    tells(ida, "put away")
    ida.say("Hello?", invited={"invitation": "invitation-1", "word": WORD})
    tells(ida, invitation="invitation-9")
    assert not Showing.objects.exists()
    assert not Event.objects.filter(kind="chat.invitation_answered").exists()
    assert counted(inviting) == (0, 0, 0, 0)


def test_what_is_written_days_later_is_no_answer_to_it(ida: Browser, inviting: Inbox) -> None:
    tells(ida)
    Showing.objects.update(at=timezone.now() - timedelta(days=8))
    ida.say("Hello?", invited={"invitation": "invitation-1", "word": WORD})
    assert (counted(inviting), counted(inviting, 30)) == ((0, 0, 0, 0), (1, 0, 0, 0))


def test_a_network_cannot_count_more_than_its_purse_holds(ida: Browser, inviting: Inbox) -> None:
    most = BUDGETS["chat-invitations-of-a-network"].limit
    for number in range(most + 5):
        assert tells(ida, word=f"made-up-word-number-{number}") == 204
    assert counted(inviting) == (most, 0, 0, 0)
    assert tells(ida, "opened", word="made-up-word-number-0") == 204
    assert counted(inviting) == (most, 1, 0, 0)


def test_another_wording_counts_anew(ida: Browser, inviting: Inbox) -> None:
    tells(ida)
    inviting.settings["chat"]["invitations"][0]["seconds"] = 60
    inviting.save(update_fields=["settings"])
    assert counted(inviting) == (0, 0, 0, 0)
    tells(ida, word="word-of-another-browser")
    assert counted(inviting) == (1, 0, 0, 0)


def test_our_own_trial_page_counts_nothing(inviting: Inbox) -> None:
    assert tells(Browser(inviting, origin=origin_of(settings.URL))) == 204
    assert not Showing.objects.exists()


@pytest.mark.parametrize(
    "odd",
    [{"became": "bought"}, {"word": "short"}, {"word": 7}, {"invitation": ""}, {"became": None}],
)
def test_what_no_program_of_ours_sends_is_odd(ida: Browser, odd: dict[str, Any]) -> None:
    body = {"invitation": "invitation-1", "word": WORD, "became": "shown", **odd}
    assert ida.post("invited/", body).status_code == 400
    assert not Showing.objects.exists()


def test_pages_of_others_count_nothing(inviting: Inbox) -> None:
    assert tells(Browser(inviting, KARIM, origin="https://elsewhere.example")) == 403
    assert not Showing.objects.exists()


def test_what_is_long_past_goes(ida: Browser, inviting: Inbox) -> None:
    tells(ida)
    Showing.objects.update(at=timezone.now() - timedelta(days=91))
    tells(ida, word="word-of-another-browser")
    assert Showing.objects.count() == 1
