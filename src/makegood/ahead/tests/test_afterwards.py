"""Who was told and said nothing is written to once more: while it is not there, or once it is."""

from datetime import datetime

import pytest

from makegood.ahead.models import Slip, Telling
from makegood.ahead.queries import told_first
from makegood.ahead.telling import Letter, tell
from makegood.ahead.tests.test_first_to_tell import LETTER, at, look, news, silent
from makegood.ahead.tests.test_sending import moment
from makegood.ahead.wording import text_for
from makegood.channels.models import Delivery
from makegood.promises.models import Promise
from tests.parcelled import DAY, MONDAY, parcel, stated
from tests.world import arrive, mail_bytes

pytestmark = pytest.mark.django_db
PICKED_UP = ("picked_up", MONDAY + DAY)


def told_of_silence(olga, day: int = 0) -> Telling:
    stated(olga)
    slip = silent()
    new_day = moment(day).date() if day else None
    with at(7.1):
        return tell(slip, Letter(texts=LETTER.texts, day=new_day), by=olga)


def scanned(days: float, *more: tuple[str, datetime]) -> None:
    news(days, parcel(PICKED_UP, *more), external_id="1", number="#1")


def test_who_said_nothing_hears_again_after_three_days(olga, mailbox):
    told_of_silence(olga)
    assert "still_waiting" not in look(10)
    assert look(10.2)["still_waiting"] == "found"
    assert look(10.2)["scan_silence"] == "told"


def test_who_was_promised_a_day_hears_again_when_it_has_passed(olga, mailbox):
    told_of_silence(olga, day=12)
    assert "still_waiting" not in look(11.5)
    assert look(13)["still_waiting"] == "found"


def test_the_second_letter_is_said_in_the_same_conversation_once(olga, mailbox):
    first = told_of_silence(olga)
    look(10.2)
    slip = Slip.objects.get(cause="still_waiting")
    with at(10.3):
        again = tell(slip, Letter(texts={"en": text_for(slip.cause, "en")}), by=olga)
    assert again.conversation == first.conversation
    assert "still not with you" in again.message.text
    assert look(14)["still_waiting"] == "told"
    assert Telling.objects.count() == 2


def test_it_counts_apart_from_those_who_were_told_first(olga, mailbox):
    told_of_silence(olga)
    look(10.2)
    with at(10.3):
        tell(Slip.objects.get(cause="still_waiting"), LETTER, by=olga)
    first = told_first(moment(10.3))
    assert (first.told, first.of, first.again) == (1, 1, 1)


def test_who_wrote_is_left_to_whoever_answers_them(olga, mailbox):
    told_of_silence(olga)
    look(10.2)
    assert Slip.objects.get(cause="still_waiting").state == "found"
    arrive(mailbox, mail_bytes("Never mind.", sender="Ann <ann@example.com>"), at=moment(10.4))
    assert look(10.5)["still_waiting"] == "closed"


def test_what_came_is_asked_after_a_day_later(olga, mailbox):
    told_of_silence(olga)
    Delivery.objects.update(state="sent", settled_at=moment(7.2))
    there = ("delivered", moment(8))
    scanned(8.1, there)
    assert "came_late" not in look(8.5)
    assert look(9.2) == {"scan_silence": "told", "came_late": "found"}
    assert look(16)["came_late"] == "closed"


def test_nobody_is_asked_of_what_came_as_it_was_told(olga, mailbox):
    stated(olga)
    news(1.5, parcel(PICKED_UP, ("delivered", MONDAY + 2 * DAY)), external_id="1", number="#1")
    assert "came_late" not in look(4)


def test_the_new_day_is_kept_with_the_letter(olga, mailbox):
    one = told_of_silence(olga, day=12)
    assert one.due_at == Promise.objects.get(pk=one.promise or 0).due_at
