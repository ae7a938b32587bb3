"""Who a visitor is, where the shop says so; and nobody else's word for it."""

import base64
import hashlib
import hmac
import json
import time
from itertools import count
from typing import Any

import jwt
import pytest
import time_machine
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makegood.channels.models import Inbox
from makegood.chat.keys import end_former_key, keys_of, make_key
from makegood.chat.models import Visitor
from makegood.conversations.models import Conversation, Message
from makegood.conversations.replying import Reply, reply_to
from makegood.customers.actions import CustomerActor, meet, note_on_customer
from makegood.customers.blocking import block_customer
from makegood.customers.likeness import alike
from makegood.customers.models import Customer, Handle
from makegood.ledger.actors import System
from makegood.portal.chat import rush
from makegood.portal.tests.test_chat import Browser
from makegood.team.models import Agent

HOUSE = System("setup")
NUMBERS = count()


@pytest.fixture(autouse=True)
def calm() -> None:
    for one in (rush.ANYTHING, rush.NAMING, rush.LOOKING):
        one._counted.clear()


@pytest.fixture
def key(chat: Inbox) -> str:
    made = make_key(chat, by=HOUSE).reveal()
    chat.refresh_from_db()
    return made


@pytest.fixture
def ida(chat: Inbox) -> Browser:
    return Browser(chat)


def token(chat: Inbox, key: str, **changes: Any) -> str:
    claims = {
        "aud": chat.public_id, "sub": "4711", "name": "Ida Berg", "iat": int(time.time()),
        "exp": int(time.time()) + 240, "jti": f"number-{next(NUMBERS)}",
    } | changes  # fmt: skip
    return jwt.encode({k: v for k, v in claims.items() if v is not None}, key, algorithm="HS256")


def sign_in(browser: Browser, word: str) -> Any:
    return browser.post("identity/", {"token": word})


def test_the_shop_says_who_it_is_and_agents_see_that_it_did(
    ida: Browser, chat: Inbox, key: str
) -> None:
    answer = sign_in(ida, token(chat, key))
    told = {"name": "Ida Berg", "is_verified": True, "is_new": True, "is_other": False}
    assert answer.json() == told
    ida.say("Where is my lamp?")
    message = Message.objects.get()
    assert message.trust == "verified"
    assert "the shop says who it is" in message.trust_reason
    assert message.conversation.customer.name == "Ida Berg"
    assert "4711" not in Handle.objects.get().address


def test_the_shops_word_counts_for_a_day(ida: Browser, chat: Inbox, key: str) -> None:
    sign_in(ida, token(chat, key))
    with time_machine.travel(timezone.now().timestamp() + 25 * 3600):
        ida.say("Where is my lamp?")
        assert Message.objects.get().trust == "unverified"


def test_another_browser_of_the_same_person_sees_the_same(
    ida: Browser, chat: Inbox, key: str, nora: Agent
) -> None:
    ida.say("Where is my lamp?")
    sign_in(ida, token(chat, key))
    reply_to(Conversation.objects.get(), Reply(text="On its way."), by=nora)
    phone = Browser(chat, "p" * 43)
    assert phone.read()["messages"] == []
    sign_in(phone, token(chat, key))
    assert [one["text"] for one in phone.read()["messages"]] == ["Where is my lamp?", "On its way."]
    phone.say("Thank you!", "word-from-the-phone")
    assert [one["text"] for one in ida.read()["messages"]][-1] == "Thank you!"
    assert Conversation.objects.count() == Customer.objects.filter(merged_into=None).count() == 1


def test_who_signs_out_leaves_nothing_for_the_next_at_this_browser(
    ida: Browser, chat: Inbox, key: str
) -> None:
    ida.say("Where is my lamp?")
    sign_in(ida, token(chat, key))
    assert len(ida.read()["messages"]) == 1
    assert sign_in(ida, "").json()["is_verified"] is False
    assert ida.read()["messages"] == []
    ida.say("Somebody else", "word-of-somebody-else")
    assert [one["text"] for one in ida.read()["messages"]] == ["Somebody else"]
    assert Message.objects.order_by("-pk")[0].trust == "unverified"
    assert Conversation.objects.count() == 2
    sign_in(ida, token(chat, key, sub="4712", name="Karim"))
    sign_in(ida, token(chat, key))
    assert "Somebody else" not in [one["text"] for one in ida.read()["messages"]]


def test_a_stranger_who_signs_out_stays_who_they_are(ida: Browser, key: str) -> None:
    ida.say("Where is my lamp?")
    sign_in(ida, "")
    assert len(ida.read()["messages"]) == 1


def test_a_mailbox_that_the_shop_has_proven_is_the_same_person(
    ida: Browser, chat: Inbox, key: str
) -> None:
    mail = meet("email", "ida@example.com", name="Ida B.", at=timezone.now(), by=HOUSE)
    ida.say("Where is my lamp?")
    sign_in(ida, token(chat, key, email="ida@example.com", email_verified=True))
    visitor = Visitor.objects.get()
    assert visitor.handle.customer == mail.customer
    assert Conversation.objects.get().customer == mail.customer
    mail.refresh_from_db()
    assert mail.verified_at is not None


@pytest.mark.parametrize("proven", [False, None, "true", 1])
def test_a_mailbox_that_nobody_has_proven_is_nobodys(
    ida: Browser, chat: Inbox, key: str, proven: Any
) -> None:
    mail = meet("email", "ida@example.com", at=timezone.now(), by=HOUSE)
    sign_in(ida, token(chat, key, email="ida@example.com", email_verified=proven))
    assert Visitor.objects.get().handle.customer != mail.customer


def test_two_whom_we_know_are_not_made_one_but_shown_to_an_agent(
    ida: Browser, chat: Inbox, key: str, nora: Agent
) -> None:
    ida.say("Where is my lamp?")
    stranger = Visitor.objects.get().handle.customer
    note_on_customer(stranger, "Has called twice.", by=nora)
    mail = meet("email", "ida@example.com", at=timezone.now(), by=HOUSE)
    sign_in(ida, token(chat, key, email="ida@example.com", email_verified=True))
    assert Customer.objects.filter(merged_into=None).count() == 2
    assert [one["text"] for one in ida.read()["messages"]] == ["Where is my lamp?"]
    (found,) = alike(mail.customer)
    assert found.customer == stranger
    assert "same browser" in found.reasons[0]


def test_who_is_blocked_does_not_get_in_by_signing_in(
    ida: Browser, chat: Inbox, key: str, olga: Agent
) -> None:
    ida.say("Where is my lamp?")
    block_customer(Visitor.objects.get().handle.customer, reason="Abuse", by=olga)
    assert sign_in(ida, token(chat, key)).json()["error"] == "blocked"
    assert not Visitor.objects.get().is_signed()


def test_a_key_is_renewed_while_the_one_before_still_counts(
    ida: Browser, chat: Inbox, key: str
) -> None:
    fresh = make_key(chat, by=HOUSE).reveal()
    chat.refresh_from_db()
    assert sign_in(ida, token(chat, key)).status_code == 200
    assert sign_in(ida, token(chat, fresh)).status_code == 200
    end_former_key(chat, by=HOUSE)
    chat.refresh_from_db()
    assert [one.reveal() for one in keys_of(chat)] == [fresh]
    assert sign_in(ida, token(chat, key)).json()["error"] == "token"
    assert sign_in(ida, token(chat, fresh)).status_code == 200


def test_a_token_opens_one_browser(ida: Browser, chat: Inbox, key: str) -> None:
    word = token(chat, key)
    assert sign_in(ida, word).status_code == 200
    assert sign_in(ida, word).status_code == 200
    assert sign_in(Browser(chat, "t" * 43), word).json()["error"] == "token"
    assert Visitor.objects.count() == 1


def _raw(header: Any, claims: Any, key: str) -> str:
    parts = [base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode()
             for one in (header, claims)]  # fmt: skip
    signed = hmac.new(key.encode(), ".".join(parts).encode(), hashlib.sha256).digest()
    return ".".join([*parts, base64.urlsafe_b64encode(signed).rstrip(b"=").decode()])


NOW = int(time.time())
ODD = [
    {"sub": None}, {"sub": ""}, {"sub": " "}, {"sub": 4711}, {"sub": ["4711"]}, {"sub": "x" * 256},
    {"jti": None}, {"jti": ""}, {"jti": "x" * 256}, {"jti": 5}, {"aud": None}, {"aud": "other"},
    {"aud": []}, {"exp": None}, {"exp": 1}, {"exp": "soon"}, {"exp": 2**60}, {"exp": -1},
    {"exp": float("inf")}, {"exp": float("nan")}, {"exp": True}, {"iat": None}, {"iat": 0},
    {"iat": "now"}, {"nbf": 2**33}, {"name": "x" * 5000}, {"exp_after": 3600}, {"iat_after": 120},
    {"iat_after": -3600},
]  # fmt: skip


@pytest.mark.parametrize("change", ODD, ids=str)
def test_a_token_that_says_too_little_or_too_much_opens_nothing(
    ida: Browser, chat: Inbox, key: str, change: dict[str, Any]
) -> None:
    now = int(time.time())
    claims = {"aud": chat.public_id, "sub": "4711", "iat": now, "exp": now + 240, "jti": "a"}
    for name, value in change.items():
        which = name.removesuffix("_after")
        claims[which] = now + value if name.endswith("_after") else value
    claims = {name: value for name, value in claims.items() if value is not None}
    answer = sign_in(ida, _raw({"alg": "HS256", "typ": "JWT"}, claims, key))
    assert (answer.status_code, answer.json()["error"]) == (403, "token")
    assert not Visitor.objects.exists()


@pytest.mark.parametrize("header", [
    {"alg": "none"}, {"alg": "None"}, {"alg": "HS512"}, {"alg": "RS256"}, {"alg": ""}, {},
    {"alg": "HS256", "crit": ["x"]}, {"alg": ["HS256"]}, [], "HS256", None,
    {"alg": "HS256", "b64": False, "crit": ["b64"]},
])  # fmt: skip
def test_the_way_of_signing_is_ours_to_choose(
    ida: Browser, chat: Inbox, key: str, header: Any
) -> None:
    now = int(time.time())
    claims = {"aud": chat.public_id, "sub": "4711", "iat": now, "exp": now + 240, "jti": "a"}
    good = _raw({"alg": "HS256"}, claims, key)
    odd = _raw(header, claims, key)
    unsigned = odd.rpartition(".")[0] + "."
    assert [sign_in(ida, one).json()["error"] for one in (odd, unsigned)] == ["token"] * 2
    assert sign_in(ida, good).status_code == 200


def test_a_key_of_another_chat_or_none_opens_nothing(ida: Browser, chat: Inbox, key: str) -> None:
    other = Inbox.objects.create(name="Other", kind="chat")
    foreign = make_key(other, by=HOUSE).reveal()
    for wrong in (foreign, "x" * 43, (chat.public_id * 4)[:43], "k" * 32):
        assert sign_in(ida, token(chat, wrong)).json()["error"] == "token"
    end_former_key(chat, by=HOUSE)
    Inbox.objects.filter(pk=chat.pk).update(sealed="")
    assert sign_in(ida, token(chat, key)).json()["error"] == "token"


LETTERS = st.sampled_from("aZ09-_.=") | st.characters()


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(place=st.floats(0, 1, exclude_max=True), letter=LETTERS)
def test_no_letter_of_a_token_can_be_another(
    ida: Browser, chat: Inbox, key: str, place: float, letter: str
) -> None:
    rush.NAMING._counted.clear()
    rush.ANYTHING._counted.clear()
    word = token(chat, key)
    at = int(place * (len(word) - 1))  # the last letter carries bits that say nothing
    if word[at] == letter:
        return
    answer = sign_in(ida, word[:at] + letter + word[at + 1 :])
    assert (answer.status_code, answer.json()["error"]) == (403, "token")
    assert not Visitor.objects.exists()


VALUES = st.none() | st.booleans() | st.floats() | st.text()
BODIES = st.recursive(VALUES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=BODIES)
def test_whatever_is_sent_is_answered_in_words(ida: Browser, key: str, body: Any) -> None:
    rush.NAMING._counted.clear()
    rush.ANYTHING._counted.clear()
    answer = sign_in(ida, body)
    assert answer.status_code in (200, 400, 403)
    assert answer.status_code != 200 or body == ""


def test_names_of_people_are_taken_as_plain_text(ida: Browser, chat: Inbox, key: str) -> None:
    word = token(chat, key, name="Ida\x00\u202e <b>Berg</b>\n" + "x" * 500, locale="d" * 90)
    assert sign_in(ida, word).status_code == 200
    name = Customer.objects.get().name
    assert len(name) <= 120
    assert "\x00" not in name
    assert CustomerActor(Handle.objects.get()).name == name


def test_whom_the_shop_signed_with_their_mailbox_gets_what_was_said(
    ida: Browser, chat: Inbox, key: str
) -> None:
    ida.say("Where is my lamp?")
    sign_in(ida, token(chat, key, email="ida@example.com", email_verified=True))
    answer = ida.post("transcript/", {})
    assert (answer.status_code, answer.json()) == (202, {"email": "ida@example.com"})


def test_a_mailbox_that_the_shop_did_not_prove_gets_no_transcript(
    ida: Browser, chat: Inbox, key: str
) -> None:
    ida.say("Where is my lamp?")
    sign_in(ida, token(chat, key, email="ida@example.com", email_verified=False))
    ida.post("email/", {"email": "ida@example.com"})
    assert ida.post("transcript/", {}).status_code == 422


def test_the_browser_hears_whether_somebody_else_sits_there_now(
    ida: Browser, chat: Inbox, key: str
) -> None:
    ida.say("Where is my lamp?")

    def heard(token: str) -> tuple[bool, bool]:
        told = sign_in(ida, token).json()
        return told["is_new"], told["is_other"]

    assert heard("") == (False, False), "nobody was signed in: the stranger's chat stays"
    assert heard(token(chat, key)) == (True, False)
    assert heard(token(chat, key)) == (False, False)
    assert heard(token(chat, key, sub="4712", name="Karim")) == (True, True)
    assert heard("") == (True, True)
