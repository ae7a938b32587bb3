"""A message arrives: joins its conversation or begins one, in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import BigAutoField
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.channels.interface import Address, Automatic, Incoming, Trust, Verdict
from makegood.channels.models import Arrival
from makegood.conversations.disguises import oddities_of
from makegood.conversations.events import ConversationOpened, MessageReceived, Reopened, Woke
from makegood.conversations.forwarding import forwarder_of, mark_forwarded
from makegood.conversations.likeness import new_matter
from makegood.conversations.machines import bring_back, is_quiet, told_of, wants_a_click
from makegood.conversations.models import Attachment, Conversation, Message, Participant
from makegood.conversations.relays import Author, author_of, is_relay
from makegood.conversations.resolving import PROVEN, Decision, passed_on, resolve
from makegood.conversations.resting import THE_CUSTOMER
from makegood.conversations.standing import lock_standing
from makegood.conversations.unseen_owner import free_from_the_blind
from makegood.conversations.unwanted import goes_to_spam, put_away_quietly
from makegood.customers.actions import CustomerActor, meet, with_whom_now
from makegood.customers.delivering import hear_from
from makegood.customers.models import Handle
from makegood.files.actions import keep_file
from makegood.kit.compiled import Compiled
from makegood.kit.records import Record
from makegood.kit.text import fit_for_storage, one_line, plain_name
from makegood.ledger.actions import record
from makegood.ledger.actors import System
from makegood.ledger.gathering import gathered
from makegood.mood.reading import mood_of

NOBODY = "unknown@invalid"
MAX_COPIES = 20
MOVED = (
    "last_message", "last_incoming", "last_at", "has_attachment", "preview", "mood", "mood_told",
)  # fmt: skip
TURNED = ("turn", "turn_since")
WOKEN = ("status", "snoozed_until", "resolved_at", "wakes_with", "woke")
"""What a word of the customer changes, by itself and where somebody rested or was answered."""


@transaction.atomic(savepoint=False)
def receive_message(incoming: Incoming, *, arrival: Arrival) -> Message:
    """Give something that came in its place. The caller has locked the arrival."""
    author = author_of(incoming)
    incoming = _as_written_by(author, incoming)
    with gathered():
        kind, address = _kind_of(incoming, arrival), incoming.sender.address or NOBODY
        by, at = System(arrival.inbox.kind), arrival.arrived_at
        sender = meet(kind, address, name=incoming.sender.name, at=at, by=by)
        forwarder = forwarder_of(incoming, arrival.inbox)
        decision = passed_on(forwarder.name) if forwarder else resolve(incoming, sender)
        incoming = replace(incoming, verdict=_with_proof(incoming.verdict, decision, sender))
        message = _place(incoming, decision, arrival, sender, author)
    if forwarder and incoming.forwarded:
        mark_forwarded(message, incoming.forwarded, by=forwarder)
    return message


def _place(
    incoming: Incoming, decision: Decision, arrival: Arrival, sender: Handle, author: Author
) -> Message:
    """Write it where it belongs, and tell of it."""
    home, conversation = _where(incoming, decision, arrival, sender)
    at = arrival.arrived_at
    why_new = new_matter(incoming, conversation, at) if decision.conversation else ""
    people = _people_in(conversation, sender, is_new=decision.conversation is None)
    odd = oddities_of(incoming.sender, incoming.facts.get("hidden", ""), people)
    _let_take_part(conversation, people, sender, incoming, at)
    message = _message(incoming, decision, arrival, sender, conversation)
    _say_who(message, author, odd)
    _say_where(message, home, why_new)
    message.save(force_insert=True)
    _keep_parts(incoming, message)
    _move_conversation(conversation, message, incoming, is_quiet(incoming, decision))
    _hear_from(sender, incoming)
    record(
        MessageReceived(
            message=message.pk,
            reason=decision.reason,
            automatic=incoming.automatic,
            trust=incoming.verdict.trust,
        ),
        about=_about(message, home, sender),
        by=CustomerActor(sender),
        at=min(at, timezone.now()),
        bringing=[message],
    )
    return message


def _where(
    incoming: Incoming, decision: Decision, arrival: Arrival, sender: Handle
) -> tuple[Conversation, Conversation]:
    """The conversation that it came to, and the one which that is part of now, locked."""
    home = decision.conversation
    if home is None:
        opened = _open_conversation(incoming, decision, arrival, sender)
        if goes_to_spam(sender, incoming.verdict.trust):
            put_away_quietly(opened)
        sender.customer = opened.customer
        return opened, opened
    conversation = lock_standing(home.pk, "assignee")
    if conversation.inbox_id == arrival.inbox_id:
        conversation.inbox = arrival.inbox
    if conversation.customer_id == sender.customer_id:
        conversation.customer = sender.customer
    return home, conversation


def _people_in(
    conversation: Conversation, sender: Handle, *, is_new: bool
) -> Sequence[Participant]:
    if is_new:
        return [Participant(conversation=conversation, handle=sender)]
    return _TAKING_PART.all(conversation.pk)


_TAKING_PART: Compiled[Participant] = Compiled(
    lambda conversation: (
        Participant.objects.filter(conversation=conversation)
        .select_related("handle")
        .order_by("pk")
    ),
    BigAutoField(),
)


def sender_of(incoming: Incoming, arrival: Arrival) -> tuple[str, str]:
    """The kind and the address of whoever wrote something, a form's person among them."""
    incoming = _as_written_by(author_of(incoming), incoming)
    return _kind_of(incoming, arrival), incoming.sender.address or NOBODY


def _kind_of(incoming: Incoming, arrival: Arrival) -> str:
    return "email" if "@" in incoming.sender.address else arrival.inbox.kind


def _as_written_by(author: Author, incoming: Incoming) -> Incoming:
    """A form's mail is its person's; that the robot is genuine says nothing of the person."""
    if not author.robot:
        return incoming
    verdict = incoming.verdict
    if verdict.trust != Trust.SUSPICIOUS:
        words = _("Sent by a form (%(robot)s): nothing proves that the address is the writer’s")
        verdict = Verdict(reason=words % {"robot": author.robot})
    automatic = Automatic.NOT if is_relay(author.robot) else incoming.automatic
    return replace(incoming, sender=author.person, verdict=verdict, automatic=automatic)


def _say_who(message: Message, author: Author, odd: list[dict[str, str]]) -> None:
    """The robot that carried it, an answer address elsewhere, and what is odd about the name."""
    if author.robot or author.answers_to or odd:
        message.relayed_by = author.robot[:320]
        message.answers_to = author.answers_to[:320]
        message.oddities = odd or None


def _say_where(message: Message, home: Conversation, why_new: str) -> None:
    """What came for a joined conversation remembers it; what seems to be new says why."""
    is_joined = message.conversation_id != home.pk
    if is_joined or why_new:
        message.home = home if is_joined else None
        message.new_matter = one_line(why_new, 250)
        message.asks = bool(why_new)


def _about(message: Message, home: Conversation, sender: Handle) -> list[Record | str]:
    conversation = message.conversation
    about: list[Record | str] = [message, conversation, sender.customer]
    about.append(f"inbox:{conversation.inbox_id}")
    return [*about, home] if home.pk != conversation.pk else about


def _hear_from(sender: Handle, incoming: Incoming) -> None:
    """Who writes from an address themselves, receives there, too: what was refused is over."""
    if incoming.automatic == Automatic.NOT and incoming.verdict.trust in PROVEN:
        hear_from(sender, by=CustomerActor(sender))


def _with_proof(verdict: Verdict, decision: Decision, sender: Handle) -> Verdict:
    """Who answers what we sent to that very address is the same as before."""
    if verdict.trust != Trust.UNVERIFIED or decision.proven != sender:
        return verdict
    reason = _("Answers what only %(who)s was sent") % {"who": sender.address}
    return Verdict(trust=Trust.SAME, reason=reason)


def _open_conversation(
    incoming: Incoming, decision: Decision, arrival: Arrival, sender: Handle
) -> Conversation:
    at, sender = arrival.arrived_at, with_whom_now(sender)
    conversation = Conversation.objects.create(
        inbox=arrival.inbox,
        customer=sender.customer,
        subject=one_line(incoming.subject, 250),
        turn_since=at,
        opened_at=at,
        last_at=at,
        looks_like=decision.looks_like,
        looks_like_because=one_line(decision.likeness, 250),
    )
    Participant.objects.create(conversation=conversation, handle=sender, joined_at=at)
    record(
        ConversationOpened(conversation=conversation.pk, reason=decision.reason),
        about=[conversation, sender.customer, arrival.inbox],
        by=CustomerActor(sender),
        at=at,
    )
    return conversation


def _let_take_part(
    conversation: Conversation,
    people: Sequence[Participant],
    sender: Handle,
    incoming: Incoming,
    at: datetime,
) -> None:
    """Whoever a mail names takes part from now on, pending, and sees nothing of the past."""
    known = {one.handle.address for one in people}
    ours = conversation.inbox.address
    others = [sender] if sender.address not in known else []
    for address in _copied(incoming, known | {ours, sender.address}):
        others.append(meet("email", address.address, name=address.name, at=at, by=System("email")))
    Participant.objects.bulk_create(
        [
            Participant(
                conversation=conversation,
                handle=handle,
                state=Participant.State.PENDING,
                joined_at=at,
            )
            for handle in others
        ],
        ignore_conflicts=True,
    )


def _copied(incoming: Incoming, known: set[str]) -> Iterable[Address]:
    fresh = [one for one in incoming.cc if "@" in one.address and one.address.lower() not in known]
    return fresh[:MAX_COPIES]


def _message(
    incoming: Incoming,
    decision: Decision,
    arrival: Arrival,
    sender: Handle,
    conversation: Conversation,
) -> Message:
    return Message(
        conversation=conversation,
        inbox=arrival.inbox,
        direction=Message.Direction.INCOMING,
        handle=sender,
        author_name=plain_name(incoming.sender.name) or sender.address[:120],
        subject=one_line(incoming.subject, 250),
        text=fit_for_storage(incoming.text),
        quoted=fit_for_storage(incoming.quoted),
        html=fit_for_storage(incoming.html),
        at=arrival.arrived_at,
        said_at=incoming.sent_at,
        external_id=incoming.external_id[:250],
        arrival=arrival,
        to=[one.address for one in incoming.to][:100],
        cc=[one.address for one in incoming.cc][:100],
        trust=incoming.verdict.trust,
        trust_reason=incoming.verdict.reason,
        joined_because=decision.reason[:250],
        automatic=incoming.automatic,
        told=told_of(incoming),
        troubles=list(incoming.troubles),
    )


def _keep_parts(incoming: Incoming, message: Message) -> None:
    for part in incoming.parts:
        Attachment.objects.create(
            message=message,
            file=keep_file(part.content),
            name=one_line(part.name, 255) or "attachment",
            content_type=one_line(part.content_type, 120),
            cid=part.cid[:250],
            is_inline=part.is_inline,
        )


def _stay_quiet(conversation: Conversation, message: Message) -> None:
    """A machine answered: nobody waits for us, not even where it begins a conversation."""
    if not conversation.preview:
        conversation.turn = Conversation.Turn.THEIRS
        conversation.preview = one_line(message.text or message.subject, 200)
    elif wants_a_click(message):
        bring_back(conversation, message)
    conversation.save()


def _move_conversation(
    conversation: Conversation, message: Message, incoming: Incoming, is_quiet: bool
) -> None:
    """The customer's turn is over and ours begins; a machine's answer changes nothing."""
    conversation.last_message = message.pk
    conversation.has_attachment = conversation.has_attachment or bool(incoming.parts)
    if is_quiet:
        _stay_quiet(conversation, message)
        return
    before = conversation.status
    was_resting = before in (Conversation.Status.SNOOZED, Conversation.Status.RESOLVED)
    changed = [*MOVED]
    if conversation.turn != Conversation.Turn.OURS or was_resting:
        conversation.turn, conversation.turn_since = Conversation.Turn.OURS, message.at
        changed += TURNED
    if was_resting:
        changed += WOKEN
        conversation.status = Conversation.Status.OPEN
        conversation.snoozed_until = conversation.resolved_at = conversation.wakes_with = None
        conversation.woke = THE_CUSTOMER if before == Conversation.Status.SNOOZED else ""
    conversation.last_at = message.at
    conversation.last_incoming = message.pk
    conversation.preview = one_line(message.text or message.subject, 200)
    conversation.mood = mood_of(message.text or message.subject) or ""
    conversation.mood_told = False
    conversation.save(update_fields=changed)
    free_from_the_blind(conversation)
    if was_resting:
        fact = Woke(because=THE_CUSTOMER) if conversation.woke else Reopened()
        record(fact, about=[conversation], by=CustomerActor(message.handle), at=message.at)  # type: ignore[arg-type]
