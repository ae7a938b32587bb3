"""Orders that slip are found by the clock, told once, and closed where the cause went away."""

from datetime import timedelta

import pytest
import time_machine

from makegood.ahead.actions import leave_out
from makegood.ahead.doubts import MOST
from makegood.ahead.finding import look_at_everything
from makegood.ahead.models import Slip, Telling
from makegood.ahead.queries import groups, proposal, told_first
from makegood.ahead.telling import Letter, may_tell, tell
from makegood.ahead.together import tell_all
from makegood.ahead.wording import text_for
from makegood.channels.models import Delivery
from makegood.concerns.models import Concern
from makegood.conversations.models import Message
from makegood.customers.actions import meet
from makegood.customers.blocking import block_handle
from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.promises.models import Promise
from makegood.sending.rules import set_whose_answers_wait
from makegood.shop.seen import Buyer
from makegood.team.roles import save_role
from tests.parcelled import DAY, MONDAY, SHOP, parcel, seen, stated, told

pytestmark = pytest.mark.django_db
LETTER = Letter(texts={"en": text_for("scan_silence", "en")})
ANN = Buyer(email="ann@example.com", name="Ann Lee")


def at(days: float):
    return time_machine.travel(MONDAY + days * DAY, tick=False)


def look(days: float) -> dict[str, str]:
    """What slips, and how each stands, so many days after that Monday."""
    with at(days):
        look_at_everything(MONDAY + days * DAY)
    return dict(Slip.objects.values_list("cause", "state"))


def news(days: float, *parcels, **more):
    with at(days):
        return told(seen(MONDAY + days * DAY, *parcels, **{"buyer": ANN, **more}))


def silent(number: str = "1", **more):
    """A parcel that was scanned on Tuesday, and then no more; found on the next Monday."""
    news(1.5, parcel(("picked_up", MONDAY + DAY)), external_id=number, number=f"#{number}", **more)
    look(7)
    return Slip.objects.get(order__external_id=number, cause="scan_silence")


def kinds() -> list[str]:
    return list(Event.objects.filter(kind__startswith="slip.").values_list("kind", flat=True))


def test_an_order_that_was_not_sent_in_time_is_found(olga):
    stated(olga)
    news(0)
    assert look(0.5) == {}
    assert look(3) == {"not_shipped": "found"}


def test_a_label_without_a_scan_is_not_handed_over(olga):
    stated(olga)
    news(0.5, parcel(label_at=MONDAY + DAY / 3))
    assert look(5) == {"not_handed_over": "found"}


def test_a_parcel_that_nobody_scans_goes_silent(olga):
    stated(olga)
    news(1.5, parcel(("picked_up", MONDAY + DAY)))
    assert "scan_silence" not in look(2)
    assert look(7)["scan_silence"] == "found"


def test_trouble_that_the_carrier_tells_of_is_found(olga):
    stated(olga)
    news(2, parcel(("picked_up", MONDAY + DAY), ("exception", MONDAY + 1.5 * DAY)))
    assert look(2) == {"carrier_exception": "found"}


def test_looking_again_finds_nothing_twice(olga):
    stated(olga)
    slip = silent()
    look(7.1)
    assert Slip.objects.filter(cause="scan_silence").get() == slip
    assert kinds().count("slip.found") == Slip.objects.count()


def test_what_went_away_before_anybody_told_of_it_is_closed_and_may_come_back(olga):
    stated(olga)
    news(0)
    assert look(3) == {"not_shipped": "found"}
    news(3.1, parcel(("picked_up", MONDAY + 3.1 * DAY)))
    assert look(3.2)["not_shipped"] == "closed"
    news(3.3)
    assert look(3.4)["not_shipped"] == "found"
    assert kinds().count("slip.closed") == 1


def test_a_customer_is_told_by_mail_with_a_new_promise(olga, mailbox):
    stated(olga)
    slip = silent()
    with at(7.1):
        one = tell(slip, Letter(texts=LETTER.texts, day=(MONDAY + 9 * DAY).date()), by=olga)
    assert "Hello Ann," in one.message.text
    assert "#1" in one.message.text
    assert Concern.objects.filter(order=slip.order, conversation=one.conversation).exists()
    promise = Promise.objects.get(conversation=one.conversation, kind="personal")
    assert promise.due_at.date() == (MONDAY + 9 * DAY).date()
    delivery = Delivery.objects.get(about=one.message.ref)
    assert delivery.key == one.message.external_id
    slip.refresh_from_db()
    assert slip.state == "told"
    assert kinds()[-1] == "slip.told"


def test_the_same_is_told_once(olga, mailbox):
    stated(olga)
    slip = silent()
    with at(7.1):
        tell(slip, LETTER, by=olga)
        with pytest.raises(Refused):
            tell(slip, LETTER, by=olga)
    assert look(7.2)["scan_silence"] == "told"
    assert Telling.objects.count() == Delivery.objects.count() == 1


def test_what_is_refused_after_the_letter_leaves_nothing_behind(olga, mailbox):
    """The new day is promised when the letter stands already; one that has passed is refused."""
    stated(olga)
    slip = silent()
    with at(7.1):
        with pytest.raises(Refused):
            tell(slip, Letter(texts=LETTER.texts, day=(MONDAY + 5 * DAY).date()), by=olga)
        assert not Delivery.objects.exists()
        assert not Message.objects.exists()
        assert not Telling.objects.exists()
        tell(slip, LETTER, by=olga)
    assert Delivery.objects.count() == 1


def test_whose_answers_wait_for_a_yes_does_not_tell(olga, nora, mailbox):
    stated(olga)
    slip = silent()
    role = save_role(None, name="Trainee", words="", permissions=["answer", "act"], by=olga)
    nora.own_role, nora.granted = role, ["answer", "act"]
    assert not may_tell(nora)
    with at(7.1), pytest.raises(Refused, match="Send without approval"):
        tell(slip, LETTER, by=nora)
    assert not Delivery.objects.exists()


def test_whose_answers_are_read_before_by_name_does_not_tell(olga, nora, mailbox):
    stated(olga)
    slip = silent()
    assert may_tell(nora)
    set_whose_answers_wait([nora], [], by=olga)
    assert not may_tell(nora)
    with at(7.1), pytest.raises(Refused, match="somebody’s yes"):
        tell(slip, LETTER, by=nora)
    assert not Delivery.objects.exists()
    assert Slip.objects.get(pk=slip.pk).state == "found"


def test_nobody_is_written_to_more_often_than_the_cap(olga, mailbox):
    stated(olga)
    slips = [silent(str(number)) for number in range(1, MOST + 2)]
    with at(7.1):
        done = tell_all(slips, Letter(texts=LETTER.texts, chosen=frozenset(s.pk for s in slips)),
                        by=olga)  # fmt: skip
    assert (len(done.told), len(done.refused)) == (MOST, 1)


def test_at_night_it_waits_for_the_morning(olga, mailbox):
    stated(olga)
    slip = silent()
    with at(7.6):  # about midnight in Berlin
        one = tell(slip, LETTER, by=olga)
    delivery = Delivery.objects.get(about=one.message.ref)
    assert delivery.send_after - one.at > timedelta(hours=6)


def test_whoever_is_blocked_is_not_written_to(olga, mailbox):
    stated(olga)
    slip = silent()
    with at(7.05):
        handle = meet("email", "ann@example.com", name="Ann", at=MONDAY, by=SHOP)
        block_handle(handle, reason="no", by=olga)
    with at(7.1), pytest.raises(Refused):
        tell(slip, LETTER, by=olga)


def test_what_somebody_leaves_out_stays_out(olga):
    stated(olga)
    slip = silent()
    with at(7.1):
        leave_out(slip, by=olga)
        leave_out(slip, by=olga)
    assert look(8)["scan_silence"] == "left_out"
    assert kinds().count("slip.left_out") == 1


def test_a_group_says_what_is_at_stake_and_what_each_would_read(olga, mailbox):
    stated(olga)
    slip = silent()
    group = next(one for one in groups(olga) if one.cause == "scan_silence")
    with at(7.1):
        found = proposal(group, MONDAY + 7.1 * DAY, {}, None)
    assert (group.count, group.carrier) == (1, "dhl")
    assert [row.slip for row in found.rows] == [slip]
    assert "{" not in found.rows[0].said.text
    assert [one.minor for one in found.stake] == [2500]


def test_how_often_we_were_first_is_counted(olga, mailbox):
    stated(olga)
    slip = silent()
    silent("2", buyer=Buyer(email="ben@example.com", name="Ben"))
    with at(7.1):
        tell(slip, LETTER, by=olga)
        first = told_first(MONDAY + 7.1 * DAY)
    assert (first.told, first.of) == (1, 2)
