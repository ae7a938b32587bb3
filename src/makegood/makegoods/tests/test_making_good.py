"""Offered, approved, given, and what becomes of it; the money of each step."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from makegood.authority.actions import BeyondAuthority
from makegood.authority.queries import held, left
from makegood.conversations.merging import join_conversation, part_conversation
from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.makegoods.actions import decline, give, offer, redeem, take_back
from makegood.makegoods.models import Entry, Makegood
from makegood.makegoods.queries import guess, makegoods_of
from makegood.makegoods.tests.giving import euros, matter, wish
from makegood.makegoods.ticking import tick
from makegood.makegoods.wording import sentence
from makegood.team.actions import add_agent
from tests.ordered import an_order
from tests.world import HOUSE

pytestmark = pytest.mark.django_db
State = Makegood.State


def told(makegood: Makegood) -> list[str]:
    events = Event.objects.about(makegood.ref).order_by("pk")
    return [one.kind for one in events if one.kind.startswith("makegood.")]


def test_a_gesture_is_offered_given_and_told(lamp: Any, nora: Any) -> None:
    card = wish(50, failure="answer", remedy="gesture", words="A handwritten card")
    makegood = offer(matter(lamp), card, by=nora)
    assert makegood.state == State.APPROVED
    assert held(makegood.ref) is not None
    assert not Entry.objects.exists()

    give(makegood, by=nora)
    makegood.refresh_from_db()
    assert makegood.state == State.GIVEN
    assert told(makegood) == ["makegood.offered", "makegood.approved", "makegood.given"]
    entry = Entry.objects.get()
    assert (entry.cost_minor, entry.failure, entry.agent) == (50, "answer", nora)
    assert makegoods_of(lamp) == [makegood]


def test_the_same_form_twice_is_one(lamp: Any, nora: Any) -> None:
    same = wish(client_key="once")
    assert offer(matter(lamp), same, by=nora) == offer(matter(lamp), same, by=nora)
    assert Makegood.objects.count() == 1
    assert left(nora, "EUR", lamp.ref).case == euros(22_50)


def test_beyond_authority_nothing_is_written(lamp: Any, nora: Any, tomas: Any) -> None:
    with pytest.raises(BeyondAuthority) as refused:
        offer(matter(lamp), wish(25_01), by=nora)
    assert tomas in refused.value.who_could
    assert not Makegood.objects.exists()
    assert not Event.objects.filter(kind="makegood.offered").exists()


def test_the_table_is_kept_beside_what_is_given(lamp: Any, nora: Any) -> None:
    order = an_order()
    makegood = offer(matter(lamp, order), wish(2_50, why=""), by=nora)
    assert (makegood.least_minor, makegood.most_minor) == (2_50, 3_75), "a first order: 10 to 15 %"
    assert makegood.is_first_order
    assert makegood.product == "L-1", "the order's one article"
    assert not makegood.is_outside()
    with pytest.raises(Refused, match="tell in a few words why"):
        offer(matter(lamp, order), wish(9_00, why=""), by=nora)
    assert offer(matter(lamp, order), wish(9_00, why="VIP"), by=nora).is_outside()


def test_no_more_is_paid_back_than_was_paid(lamp: Any, olga: Any) -> None:
    order = an_order()
    offer(matter(lamp, order), wish(20_00, failure="lost", remedy="refund"), by=olga)
    with pytest.raises(Refused, match="more than was paid"):
        offer(matter(lamp, order), wish(5_01, failure="lost", remedy="refund"), by=olga)
    with pytest.raises(Refused, match="A refund is of an order"):
        offer(matter(lamp), wish(1, failure="lost", remedy="refund"), by=olga)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"failure": "own:99"}, "no such failure"),
        ({"remedy": "hug"}, "no such remedy"),
        ({"minor": -1}, "Less than nothing"),
        ({"remedy": "gesture"}, "what the gesture is"),
        ({"minor": 0}, "Say how much"),
    ],
)
def test_what_makes_no_sense_is_refused(lamp: Any, nora: Any, more: Any, words: str) -> None:
    with pytest.raises(Refused, match=words):
        offer(matter(lamp), wish(**{"minor": 5_00, **more}), by=nora)


def test_what_is_declined_is_free_again(lamp: Any, nora: Any) -> None:
    makegood = offer(matter(lamp), wish(20_00), by=nora)
    decline(makegood, words="She would rather wait.", by=nora)
    decline(makegood, words="", by=nora)
    assert left(nora, "EUR", lamp.ref).most == euros(25_00)
    with pytest.raises(Refused, match="it is declined"):
        give(makegood, by=nora)
    assert told(makegood)[-1] == "makegood.declined"


def test_what_is_taken_back_sums_to_nothing(lamp: Any, nora: Any) -> None:
    makegood = give(offer(matter(lamp), wish(20_00), by=nora), by=nora)
    with pytest.raises(Refused, match="Say why"):
        take_back(makegood, words=" ", by=nora)
    take_back(makegood, words="It came after all.", by=nora)
    take_back(makegood, words="again", by=nora)
    assert sum(one.face_minor for one in Entry.objects.all()) == 0
    assert left(nora, "EUR", lamp.ref).most == euros(25_00)


def test_what_was_used_stays_given(lamp: Any, nora: Any) -> None:
    makegood = give(offer(matter(lamp), wish(5_00), by=nora), code="SORRY-5", by=nora)
    redeem(makegood, with_="order:31", by=HOUSE)
    makegood.refresh_from_db()
    assert (makegood.state, makegood.redeemed_with, makegood.code) == (
        State.REDEEMED, "order:31", "SORRY-5",
    )  # fmt: skip
    with pytest.raises(Refused):
        take_back(makegood, words="No.", by=nora)


def test_what_is_not_used_in_time_expires_once(lamp: Any, nora: Any) -> None:
    now = timezone.now()
    makegood = offer(matter(lamp), wish(5_00, valid_until=now + timedelta(days=30)), by=nora)
    give(makegood, by=nora)
    assert tick(now + timedelta(days=29)) == 0
    assert tick(now + timedelta(days=30)) == 1
    assert tick(now + timedelta(days=31)) == 0
    makegood.refresh_from_db()
    assert makegood.state == State.EXPIRED
    assert sum(one.cost_minor for one in Entry.objects.all()) == 0
    assert held(makegood.ref) is None


def test_what_is_joined_shows_what_was_given_in_it(lamp: Any, nora: Any, mailbox: Any) -> None:
    from tests.world import arrive, conversation_of, mail_bytes  # only here

    other = conversation_of(arrive(mailbox, mail_bytes("other", subject="Other")))
    makegood = offer(matter(other), wish(), by=nora)
    join_conversation(other, into=lamp, by=nora)
    assert makegoods_of(lamp) == [makegood]
    part_conversation(other, by=nora)
    assert makegoods_of(lamp) == []


def test_words_of_the_customer_suggest_a_failure(lamp: Any, mailbox: Any) -> None:
    from tests.world import arrive, conversation_of, mail_bytes  # only here

    cracked = conversation_of(arrive(mailbox, mail_bytes("It came cracked, sadly.")))
    assert guess(cracked).failure == "damaged"


def test_the_words_for_the_customer_name_the_code_once_it_is_known(lamp: Any, nora: Any) -> None:
    makegood = offer(matter(lamp), wish(5_00), by=nora)
    assert "{makegood.code}" in sentence(makegood, lamp)
    give(makegood, code="SORRY-5", by=nora)
    makegood.refresh_from_db()
    assert "SORRY-5" in sentence(makegood, lamp)
    assert "€5.00" in sentence(makegood, lamp)


ACTS = ("offer", "give", "decline", "take_back", "redeem", "expire")


class Histories(TestCase):
    @settings(max_examples=30)
    @given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 3)), max_size=30))
    def test_entries_always_sum_to_what_is_given(self, history: Any) -> None:
        agent = add_agent("n@lantern.example", "N", role="agent", password="x" * 20, by=HOUSE)
        order, late = an_order(), timezone.now() + timedelta(days=60)
        made: dict[int, Makegood] = {}
        for act, number in history:
            try:
                if act == "offer":
                    until = timezone.now() + timedelta(days=30)
                    asked = wish(number + 1, client_key=f"k{number}", valid_until=until)
                    made[number] = offer(matter(None, order), asked, by=agent)
                elif number in made:
                    _do(act, made[number], agent, late)
            except Refused:
                continue
        kept = Makegood.objects.filter(state__in=[State.GIVEN, State.REDEEMED])
        assert sum(one.face_minor for one in Entry.objects.all()) == sum(
            one.face_minor for one in kept
        )
        live = Makegood.objects.filter(
            state__in=[State.OFFERED, State.APPROVED, State.GIVEN, State.REDEEMED]
        )
        taken = 25_00 - left(agent, "EUR", order.ref).case.minor  # type: ignore[union-attr]
        assert taken == sum(one.face_minor for one in live)


def _do(act: str, makegood: Makegood, agent: Any, late: Any) -> None:
    if act == "give":
        give(makegood, by=agent)
    elif act == "decline":
        decline(makegood, words="no", by=agent)
    elif act == "take_back":
        take_back(makegood, words="no", by=agent)
    elif act == "redeem":
        redeem(makegood, by=HOUSE)
    else:
        tick(late)
