"""A word that is given in an answer: made with it, or with it put off until it leaves.

What waits for its time or for a lead's yes promises nothing yet. Its word stands beside the draft,
goes where that goes, and is given in the transaction that says the answer.
"""

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from makegood.conversations.models import Conversation, Draft, Message
from makegood.conversations.replying import Reply
from makegood.kit.errors import Refused
from makegood.kit.records import ref_id
from makegood.kit.text import one_line
from makegood.ledger.models import Event
from makegood.promises import telling
from makegood.promises.actions import Word, make_promise
from makegood.promises.models import Meant, Promise
from makegood.promises.standing import break_if_due, withdraw
from makegood.sending.answering import STAYS, After
from makegood.sending.models import Prepared
from makegood.sending.preparing import Wish, prepare_answer, send_or_ask
from makegood.team.models import Agent

UNSAID = "unsaid"
PREPARED_KEY = "prepared-"


@transaction.atomic
def answer_with_words(
    conversation: Conversation,
    reply: Reply,
    words: Sequence[Word],
    *,
    after: After = STAYS,
    by: Agent,
) -> None:
    """Answer the customer, and give the words that the answer promises."""
    said = send_or_ask(conversation, reply, after=after, by=by)
    if isinstance(said, Prepared):
        return _mean(said, words)
    for word in words:
        _give(said, word, by)
    return None


@transaction.atomic
def prepare_with_words(
    conversation: Conversation, reply: Reply, wish: Wish, words: Sequence[Word], *, by: Agent
) -> None:
    """Put an answer aside, with what it will promise."""
    _mean(prepare_answer(conversation, reply, wish, by=by), words)


def _mean(prepared: Prepared, words: Sequence[Word]) -> None:
    """Keep what an answer will promise beside its draft, until it leaves."""
    if prepared.draft is None:
        return
    for word in words:
        kept = one_line(word.words, 250)
        Meant.objects.get_or_create(draft=prepared.draft, words=kept, due_at=word.due_at)


def meant_with(draft: Draft | None) -> Sequence[Meant]:
    """What a draft would promise if it left now."""
    return list(Meant.objects.filter(draft=draft).order_by("due_at", "pk")) if draft else []


def give_meant(event: Event) -> None:
    """An answer that waited is said: what stood beside its draft is promised with it."""
    message = Message.objects.select_related("agent").get(pk=event.facts["message"])
    key = message.client_key or ""
    if not key.startswith(PREPARED_KEY) or message.agent is None:
        return
    prepared = Prepared.objects.filter(pk=int(key.removeprefix(PREPARED_KEY))).first()
    for meant in meant_with(prepared.draft if prepared else None):
        try:
            _give(message, Word(words=meant.words, due_at=meant.due_at), message.agent)
        except Refused:
            continue  # its time passed while it waited: the answer must not wait for that


def _give(message: Message, word: Word, by: Agent) -> None:
    word = replace(word, owner=word.owner or by)
    promise = make_promise(message.conversation, word, by=by)
    Promise.objects.filter(pk=promise.pk, message=None).update(message=message.pk)


def unsay_words(event: Event) -> None:
    """An answer was taken back before it left: the customer never heard what it promised."""
    numbers = [ref_id(one.ref) for one in event.subjects.all() if one.ref[:13] == "conversation:"]
    rows = Promise.objects.select_for_update(of=("self",)).filter(conversation__in=numbers)
    at = timezone.now()
    for promise in rows.filter(message=event.facts["message"], settled_at=None).order_by("pk"):
        if break_if_due(promise, at):
            telling.broken(promise)
        withdraw(promise, at, UNSAID)
        promise.save()
        telling.withdrawn(promise, at)
