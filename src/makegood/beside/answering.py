"""An answer from beside comes in: into its own thread, and nowhere else.

Intake asks here before it looks for a conversation. Only a word that this thread alone was given
leads in. What the customer writes never does, whatever it carries: it goes on to where the
customer's mail belongs.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from makegood.beside.events import SideAnswered
from makegood.beside.keys import key_of
from makegood.beside.models import SideFile, SideKey, SideMessage, SideParty, SideThread
from makegood.beside.recipients import is_customers, names_of
from makegood.channels.interface import Automatic, Incoming, Trust
from makegood.channels.models import Arrival
from makegood.channels.queries import raw_bytes
from makegood.conversations.intake import asks_first
from makegood.conversations.returning import come_back
from makegood.conversations.standing import lock_standing
from makegood.conversations.twins import what_was_written
from makegood.files.actions import keep_file
from makegood.kit.text import fit_for_storage, one_line, plain_name
from makegood.ledger.actions import record

PEOPLE = (Automatic.NOT, Automatic.LIST)


@dataclass(frozen=True)
class Outsider:
    """Who answered, as the one who acts."""

    ref: str
    name: str


@asks_first
def take_answer(incoming: Incoming, arrival: Arrival) -> str:
    """Give an answer its place in a side thread; empty where it belongs to none."""
    key = key_of(incoming)
    if key is None:
        return ""
    conversation = lock_standing(key.thread.conversation_id)
    if is_customers(conversation, incoming.sender.address):
        return ""
    thread = SideThread.objects.select_for_update().get(pk=key.thread_id)
    twin = _twin(thread, incoming, arrival)
    if twin is not None:
        return twin.ref
    message = _write(thread, key, incoming, arrival)
    _keep_parts(message, incoming)
    who = Outsider(ref=thread.ref, name=message.author_name)
    is_awaited = thread.state != SideThread.State.DONE
    thread.last_at = message.at
    if incoming.automatic in PEOPLE:
        thread.state, thread.news_since = SideThread.State.ANSWERED, message.at
        thread.done_at = None
        if is_awaited:
            line = one_line(message.text or message.subject, 150)
            words = _("%(who)s answered: %(line)s") % {"who": who.name, "line": line}
            come_back(conversation, words, at=message.at, by=who)
    thread.save(update_fields=["state", "news_since", "done_at", "last_at"])
    fact = SideAnswered(
        thread=thread.pk,
        side_message=message.pk,
        who=who.name,
        subject=thread.subject,
        reason=message.joined_because,
        automatic=message.automatic,
        trust=message.trust,
    )
    record(fact, about=[message, thread, conversation], by=who, at=message.at)
    return message.ref


def _twin(thread: SideThread, incoming: Incoming, arrival: Arrival) -> SideMessage | None:
    """The same mail by another way, byte for byte what its sender wrote."""
    same = thread.messages.filter(
        external_id=incoming.external_id[:250], direction=SideMessage.Direction.INCOMING
    ).select_related("arrival__file")
    written = what_was_written(raw_bytes(arrival)) if incoming.external_id else b""
    for message in same[:5] if written else ():
        if message.arrival and what_was_written(raw_bytes(message.arrival)) == written:
            return message
    return None


def _write(thread: SideThread, key: SideKey, incoming: Incoming, arrival: Arrival) -> SideMessage:
    address = incoming.sender.address
    trust, why = _trust(key, incoming)
    by_address = key.purpose == SideKey.Purpose.REPLY
    reason = (
        _("Came to the reply address that only %(who)s was given")
        if by_address
        else _("Answers a message that we sent to %(who)s")
    )
    return SideMessage.objects.create(
        thread=thread,
        direction=SideMessage.Direction.INCOMING,
        address=address[:320],
        author_name=plain_name(incoming.sender.name) or address[:120] or names_of(thread)[:120],
        subject=one_line(incoming.subject, 250),
        text=fit_for_storage(incoming.text),
        quoted=fit_for_storage(incoming.quoted),
        html=fit_for_storage(incoming.html),
        at=arrival.arrived_at,
        external_id=incoming.external_id[:250],
        arrival=arrival,
        to=[one.address for one in incoming.to][:100],
        cc=[one.address for one in incoming.cc][:100],
        trust=trust,
        trust_reason=why,
        joined_because=one_line(reason % {"who": key.given_to.replace(" ", ", ")}, 250),
        automatic=incoming.automatic,
        troubles=list(incoming.troubles),
    )


def _trust(key: SideKey, incoming: Incoming) -> tuple[str, str]:
    """Who answers what was sent to that very address is the same as before."""
    verdict = incoming.verdict
    is_named = SideParty.objects.filter(
        thread=key.thread_id, address=incoming.sender.address
    ).exists()
    if verdict.trust == Trust.UNVERIFIED and is_named:
        return Trust.SAME, _("Answers what only %(who)s was sent") % {
            "who": key.given_to.replace(" ", ", ")
        }
    if not is_named:
        words = _("Another address than those that were written to.")
        return verdict.trust, f"{verdict.reason} {words}".strip()
    return verdict.trust, verdict.reason


def _keep_parts(message: SideMessage, incoming: Incoming) -> None:
    for part in incoming.parts:
        SideFile.objects.create(
            message=message,
            file=keep_file(part.content),
            name=one_line(part.name, 255) or "attachment",
            content_type=one_line(part.content_type, 120),
            cid=part.cid[:250],
            is_inline=part.is_inline,
        )
