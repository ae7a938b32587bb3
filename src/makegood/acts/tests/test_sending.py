"""Words that leave in another way, as acts: later, after a lead's yes, to somebody else."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from makegood.acts.act import Run
from makegood.acts.vocabulary import ACTS, acts_for_many, read_act, told
from makegood.beside.models import SideMessage, SideThread
from makegood.channels.models import Delivery, Inbox
from makegood.conversations.drafting import save_draft
from makegood.conversations.models import Conversation
from makegood.kit.errors import Refused
from makegood.macros.actions import MacroWish, save_macro
from makegood.macros.running import preview, run_macro
from makegood.sending.models import Prepared
from makegood.sending.rules import set_whose_answers_wait
from makegood.team.actions import change_agent
from makegood.team.gates import NotAllowed
from makegood.team.models import Agent
from makegood.team.roles import save_role
from tests.world import arrive, conversation_of, mail_bytes

pytestmark = pytest.mark.django_db
CARRIER = "help@parcels.example"


@pytest.fixture
def mail(mailbox: Inbox) -> Conversation:
    return conversation_of(arrive(mailbox, mail_bytes("Where is it?")))


def do(name: str, words: str, conversation: Conversation, by: Agent) -> None:
    kept = read_act(name, words)["with"]
    fresh = Conversation.objects.select_related("inbox", "customer").get(pk=conversation.pk)
    ACTS[name].do(kept, Run(conversation=fresh, by=by))


def test_an_answer_leaves_later_with_its_fields_filled_in(mail: Conversation, nora: Agent) -> None:
    do("later", "3h\r\nHello {customer.first_name},\n\nstill looking.", mail, nora)
    waiting = Prepared.objects.get()
    assert waiting.state == "later"
    assert waiting.draft is not None
    assert waiting.draft.text == "Hello Ida,\n\nstill looking."
    assert waiting.due_at is not None
    assert timedelta(hours=2.9) < waiting.due_at - timezone.now() <= timedelta(hours=3)
    assert not Delivery.objects.filter(about__startswith="message:").exists()


def test_an_answer_asks_for_approval(mail: Conversation, nora: Agent) -> None:
    do("approval", "You get it back.", mail, nora)
    assert Prepared.objects.get().state == "asking"


def test_what_was_said_is_forwarded_beside_it(mail: Conversation, nora: Agent) -> None:
    do("forward", f"{CARRIER}\nPlease look, #{{conversation.number}}.", mail, nora)
    said = SideMessage.objects.get()
    assert (said.to, said.text) == ([CARRIER], f"Please look, #{mail.pk}.")
    assert "> Where is it?" in said.quoted
    thread = SideThread.objects.get()
    assert (thread.is_forward, thread.subject) == (True, "Fwd: Where is my lamp?")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("later", "3h"),
        ("later", "customer\nHello"),
        ("later", "#12\nHello"),
        ("later", "soon\nHello"),
        ("later", "3h\nHello {customer.nickname}"),
        ("approval", " "),
        ("forward", "Please look."),
        ("forward", f"{CARRIER}\n "),
        ("forward", "nobody@\nPlease look."),
    ],
)
def test_what_is_not_said_in_full_is_refused_when_it_is_kept(name: str, words: str) -> None:
    with pytest.raises(Refused):
        read_act(name, words)


def test_what_lies_begun_is_not_thrown_away(mail: Conversation, nora: Agent) -> None:
    save_draft(mail, "Dear Ida, I", purpose="reply", by=nora)
    for name, words in (("later", "3h\nHello"), ("approval", "Hello")):
        with pytest.raises(Refused, match="begun to write"):
            do(name, words, mail, nora)
    assert not Prepared.objects.exists()


def test_a_macro_shows_what_it_would_say_and_does_it(mail: Conversation, nora: Agent) -> None:
    acts = [("forward", f"{CARRIER}\nLook, please."), ("later", "2d\nHello {customer.first_name}")]
    macro = save_macro(None, MacroWish(name="Carrier", acts=acts, agent=nora), by=nora)
    steps = preview(macro, mail, by=nora)
    assert [step.text for step in steps] == ["Look, please.", "Hello Ida"]
    assert f"to {CARRIER}" in steps[0].says
    run_macro(macro, mail, by=nora)
    assert SideThread.objects.count() == Prepared.objects.count() == 1
    assert told(macro.acts[0]) == f"{CARRIER}: Look, please."


def test_none_of_it_is_done_to_many(mail: Conversation) -> None:
    names = {act.name for act in acts_for_many()}
    assert not names & {"later", "approval", "forward", "reply", "note"}


def test_who_may_not_answer_answers_by_no_act(mail: Conversation, nora: Agent, olga: Any) -> None:
    role = save_role(None, name="Sorter", words="", permissions=["act"], by=olga)
    change_agent(nora, role=f"own:{role.pk}", by=olga)
    nora = Agent.objects.get(pk=nora.pk)
    words = {"reply": "Hi", "later": "3h\nHi", "approval": "Hi", "forward": f"{CARRIER}\nHi"}
    for name, text in words.items():
        with pytest.raises((NotAllowed, Refused)):
            do(name, text, mail, nora)
    assert not Prepared.objects.exists()
    assert not Delivery.objects.filter(about__startswith="message:").exists()
    assert not SideThread.objects.exists()


def test_nothing_is_forwarded_past_a_yes(mail: Conversation, nora: Agent, olga: Agent) -> None:
    set_whose_answers_wait([nora], [], by=olga)
    with pytest.raises(Refused, match="without somebody"):
        do("forward", f"{CARRIER}\nPlease look.", mail, nora)
    assert not SideThread.objects.exists()
