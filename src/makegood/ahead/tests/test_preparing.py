"""A letter that names a coupon: made by the shop first, by the table, within what may be given."""

import pytest

from makegood.ahead.actions import leave_out
from makegood.ahead.models import Prepared, Slip, Telling
from makegood.ahead.preparing import prepare, send_prepared
from makegood.ahead.queries import groups, proposal
from makegood.ahead.sending import send_due
from makegood.ahead.telling import Letter
from makegood.ahead.tests.test_first_to_tell import LETTER, at, kinds, look, news, silent
from makegood.ahead.tests.test_sending import SOON, moment, switched_on
from makegood.ahead.together import tell_all
from makegood.authority.actions import BeyondAuthority
from makegood.authority.queries import taken_for
from makegood.channels.models import Delivery
from makegood.errands.doing import run_next_errand
from makegood.kit.errors import Refused
from makegood.makegoods.actions import decline
from makegood.makegoods.models import Makegood
from tests.parcelled import DAY, MONDAY, parcel, stated

pytestmark = pytest.mark.django_db
LEAST = Letter(texts=LETTER.texts, amends="least")


@pytest.fixture
def late(olga, mailbox, lamps) -> Slip:
    """An order of 25 euros, the first of its buyer, whose parcel went silent."""
    stated(olga)
    slip: Slip = silent()
    return slip


def prepared(slip: Slip, by, letter: Letter = LEAST) -> Prepared:
    with at(7.1):
        return prepare(slip, letter, by=by)


def step(days: float = 7.15) -> int:
    with at(days):
        return send_prepared(moment(days))


def test_the_letter_leaves_once_the_shop_has_made_its_coupon(olga, late, lamps):
    one = prepared(late, olga)
    assert step() == 0
    assert not Telling.objects.exists()
    with at(7.12):
        run_next_errand()
    assert (step(), step()) == (1, 0)
    telling, makegood = Telling.objects.get(), Makegood.objects.get()
    assert makegood.code in telling.message.text
    assert lamps.times_for(makegood.ref) == 1
    assert makegood.conversation == telling.conversation
    one.refresh_from_db()
    assert one.state == "told"
    assert kinds()[-2:] == ["slip.prepared", "slip.told"]


def test_how_much_it_is_the_table_says(olga, late):
    """Of a first order that is late: from ten to fifteen in a hundred."""
    least = prepared(late, olga).makegood
    assert (least.face_minor, least.failure, least.is_first_order) == (2_50, "late", True)
    assert least.is_outside() is False
    assert taken_for(late.order.ref, "EUR") == 2_50


def test_while_it_waits_nobody_tells_in_other_words(olga, late):
    prepared(late, olga)
    with at(7.11):
        for letter in (LEAST, LETTER):
            done = tell_all([late], letter, by=olga)
            assert [why for _slip, why in done.refused] == ["A letter waits for its coupon"]
    assert Makegood.objects.count() == 1


def test_beyond_what_somebody_may_give_nothing_is_begun(olga, nora, late):
    dear = silent("2", total_minor=1_000_00)
    with pytest.raises(BeyondAuthority):
        prepared(dear, nora)
    assert not Prepared.objects.exists()
    assert not Makegood.objects.exists()


def test_where_the_coupon_is_declined_the_letter_stays_and_says_why(olga, late):
    one = prepared(late, olga)
    with at(7.12):
        decline(one.makegood, words="Not now.", by=olga)
    assert step() == 1
    one.refresh_from_db()
    assert (one.state, "declined" in one.why) == ("failed", True)
    assert Slip.objects.get(pk=late.pk).state == "found"
    assert kinds()[-1] == "slip.stayed"
    again = prepared(late, olga)
    assert again.makegood != one.makegood


def test_where_it_went_away_meanwhile_the_coupon_is_taken_back(olga, late):
    one = prepared(late, olga)
    with at(7.12):
        run_next_errand()
        leave_out(late, by=olga)
        Slip.objects.filter(pk=late.pk).update(state="closed")
    assert step() == 1
    one.refresh_from_db()
    one.makegood.refresh_from_db()
    assert (one.state, one.makegood.state) == ("failed", "taken_back")
    assert not Delivery.objects.exists()
    assert taken_for(late.order.ref, "EUR") == 0


def test_a_letter_that_was_taken_back_at_night_takes_its_coupon_with_it(olga, late):
    with at(7.6):
        one = prepare(late, LEAST, by=olga)
        run_next_errand()
    assert step(7.62) == 1
    last = ("in_transit", MONDAY + 7.65 * DAY)
    news(7.65, parcel(("picked_up", MONDAY + DAY), last), external_id="1", number="#1")
    look(7.7)
    assert Telling.objects.get().taken_back_at is not None
    one.makegood.refresh_from_db()
    assert one.makegood.state == "taken_back"


def test_a_shop_that_makes_no_coupons_is_not_asked(olga, mailbox):
    stated(olga)
    slip = silent()
    with pytest.raises(Refused, match="names no coupon"):
        prepared(slip, olga)


def test_by_itself_it_gives_what_its_cause_gives(olga, late, lamps):
    Slip.objects.update(state="closed", ended_at=moment(6))
    switched_on(olga, amends="most")
    look(7)
    with at(SOON):
        send_due(moment(SOON))
        send_due(moment(SOON))
    one = Prepared.objects.get()
    assert (one.is_by_itself, one.makegood.face_minor) == (True, 3_75)
    with at(7.12):
        run_next_errand()
    step()
    assert Telling.objects.get().is_by_itself


def test_a_group_says_what_each_would_get_and_all_together(olga, late):
    group = next(one for one in groups(olga) if one.cause == "scan_silence")
    with at(7.1):
        found = proposal(group, moment(7.1), {}, None, "most")
    assert [row.coupon.minor for row in found.rows if row.coupon] == [3_75]
    assert [one.minor for one in found.gives] == [3_75]
    assert "········" in found.rows[0].said.text
