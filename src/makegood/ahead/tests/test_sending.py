"""Letters that leave by themselves: once, within the cap, never against a doubt."""

import threading

import pytest
from django.db import connection

from makegood.ahead.actions import leave_out
from makegood.ahead.models import Slip, Telling
from makegood.ahead.queries import groups, told_first
from makegood.ahead.sending import FRESH, send_due
from makegood.ahead.switching import (
    Standing,
    save_sender,
    save_switch,
    sender,
    stop_sending,
    switch_of,
)
from makegood.ahead.tests.test_first_to_tell import at, kinds, silent
from makegood.channels.models import Delivery
from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.promises.models import Promise
from makegood.sending.rules import set_whose_answers_wait
from makegood.shop.seen import Buyer
from tests.parcelled import DAY, MONDAY, stated

pytestmark = pytest.mark.django_db
SOON = 7.05
"""Half an hour later or more: whoever wants to leave it out had the time."""


def moment(days: float):
    return MONDAY + days * DAY


def switched_on(olga, cause: str = "scan_silence", most: int = 20, **more) -> None:
    with at(6):
        save_sender(olga, most, by=olga)
        save_switch(Standing(cause=cause, way="send", **more), by=olga)


def send(days: float = SOON) -> list[Telling]:
    with at(days):
        send_due(moment(days))
    return list(Telling.objects.order_by("pk"))


def others(number: int) -> Buyer:
    return Buyer(email=f"buyer-{number}@example.com", name="Ben")


def test_what_is_switched_on_leaves_by_itself_once(olga, mailbox):
    stated(olga)
    switched_on(olga)
    silent()
    assert send(7.001) == []
    one = send()[0]
    assert send(7.06) == [one]
    assert (one.is_by_itself, one.agent, one.promise) == (True, olga, None)
    assert "Hello Ann," in one.message.text
    assert Delivery.objects.count() == 1
    assert kinds().count("slip.told_by_itself") == 1
    assert "slip.told" not in kinds()
    assert Event.objects.get(kind="slip.told_by_itself").by == "system:ahead"


def test_what_is_proposed_waits_for_somebody(olga, mailbox):
    stated(olga)
    silent()
    assert send() == []


def test_what_was_found_before_it_was_switched_on_waits_for_somebody(olga, mailbox):
    stated(olga)
    silent()
    with at(7.01):
        save_sender(olga, 20, by=olga)
        save_switch(Standing(cause="scan_silence", way="send"), by=olga)
    assert send() == []


def test_own_words_are_said_in_their_language_and_the_foreseen_day_only_where_wanted(olga, mailbox):
    stated(olga)
    switched_on(olga, texts={"en": "Dear {customer.first_name}, sorry.", "de": "Verzeihung."})
    silent()
    assert send()[0].message.text == "Dear Ann, sorry."
    assert not Promise.objects.filter(kind="personal").exists()


def test_whatever_speaks_against_it_is_left_to_a_person(olga, mailbox):
    """They were told of this order for another reason: a person may pass over that."""
    stated(olga)
    switched_on(olga)
    slip = silent()
    Slip.objects.create(
        order=slip.order, cause="carrier_exception", part="x", since=moment(7), found_at=moment(7)
    )
    with at(7.01):
        save_switch(Standing(cause="carrier_exception", way="send"), by=olga)
    assert len(send()) == 1
    Slip.objects.filter(cause="carrier_exception").update(
        state="found", found_at=moment(7.02), ended_at=None
    )
    assert len(send(7.2)) == 1


def test_somebody_may_leave_it_out_before_it_leaves(olga, mailbox):
    stated(olga)
    switched_on(olga)
    slip = silent()
    with at(7.005):
        leave_out(slip, by=olga)
    assert send() == []


def test_no_more_leave_within_a_day_than_may(olga, mailbox):
    stated(olga)
    switched_on(olga, most=2)
    for number in range(3):
        silent(str(number + 1), buyer=others(number))
    assert len(send()) == 2
    assert len(send(7.5)) == 2
    assert len(send(8.1)) == 3


def test_what_nobody_could_be_told_of_is_tried_again_by_the_hour_and_not_for_ever(olga):
    stated(olga)
    switched_on(olga)
    silent()
    assert send() == []  # there is no mailbox yet
    tried = Slip.objects.get(cause="scan_silence").tried_at
    assert tried == moment(SOON)
    send(SOON + 0.01)
    assert Slip.objects.get(cause="scan_silence").tried_at == tried
    send(7 + FRESH / DAY + 0.1)
    assert Slip.objects.get(cause="scan_silence").tried_at == tried


def test_all_of_it_is_stopped_at_once(olga, mailbox):
    stated(olga)
    switched_on(olga)
    silent()
    with at(7.001):
        assert stop_sending(by=olga) == 1
        assert stop_sending(by=olga) == 0
    assert send() == []
    assert switch_of("scan_silence").way == "propose"


def test_nothing_leaves_in_the_name_of_whoever_may_send_no_more(olga, nora, mailbox):
    stated(olga)
    with at(6):
        save_sender(nora, 20, by=olga)
        save_switch(Standing(cause="scan_silence", way="send"), by=olga)
        set_whose_answers_wait([nora], [], by=olga)
    silent()
    assert send() == []
    with pytest.raises(Refused, match="somebody’s yes"):
        save_sender(nora, 10, by=olga)


def test_what_cannot_be_is_refused_in_words(olga):
    with pytest.raises(Refused, match="in whose name"):
        save_switch(Standing(cause="not_shipped", way="send"), by=olga)
    with pytest.raises(Refused, match="no field"):
        save_switch(Standing(cause="not_shipped", texts={"en": "{nothing}"}), by=olga)
    with pytest.raises(Refused, match="from 1 to"):
        save_sender(olga, 0, by=olga)
    assert not Event.objects.filter(kind__startswith="slip.s").exists()


def test_every_change_is_told_with_what_it_was_before(olga):
    save_sender(olga, 7, by=olga)
    wish = Standing(cause="not_shipped", way="send", texts={"en": "Sorry."}, names_day=True)
    save_switch(wish, by=olga)
    save_switch(wish, by=olga)
    told = Event.objects.get(kind="slip.switch_changed").told()
    assert (told["before"]["way"], told["after"]["way"]) == ("propose", "send")
    assert (told["before"]["text_en"], told["after"]["text_en"]) == ("", "Sorry.")
    told = Event.objects.get(kind="slip.sender_changed").told()
    assert told["after"] == {"agent": olga.name, "most": "7"}
    assert sender().most == 7


def test_of_what_is_switched_off_nothing_is_shown_or_counted(olga):
    stated(olga)
    silent()
    save_switch(Standing(cause="scan_silence", way="off"), by=olga)
    assert "scan_silence" not in [one.cause for one in groups(olga)]
    assert told_first(moment(7.1)).of == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_letter(olga, mailbox):
    stated(olga)
    switched_on(olga)
    silent()
    ended: list[int] = []

    def work() -> None:
        try:
            ended.append(send_due(moment(SOON)))
        finally:
            connection.close()

    with at(SOON):
        threads = [threading.Thread(target=work) for _number in range(2)]
        for one in threads:
            one.start()
        for one in threads:
            one.join(timeout=30)
    assert len(ended) == 2
    assert Telling.objects.count() == Delivery.objects.count() == 1
