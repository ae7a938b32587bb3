"""What a person said, taken away for good: rows stay to be counted, words and files go."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils import timezone

from makegood.channels.models import Arrival, Delivery
from makegood.channels.queries import raw_bytes
from makegood.conversations.models import (
    Attachment,
    Conversation,
    Draft,
    Message,
    Note,
    Participant,
    Token,
)
from makegood.files.models import File
from makegood.kit.text import fit_for_storage

CHUNK = 500
WEB_ORIGINS = ("form", "link")


@dataclass
class Gone:
    """What was emptied: how much, which files nobody here needs, and what events name."""

    conversations: int = 0
    messages: int = 0
    notes: int = 0
    arrivals: int = 0
    files: set[int] = field(default_factory=set)
    refs: list[str] = field(default_factory=list)


def forget_words(
    customers: Sequence[int], handles: Sequence[int], addresses: Sequence[str]
) -> Gone:
    """Empty every conversation of theirs, and whatever else they wrote or were sent."""
    gone = Gone()
    theirs = _pks(Conversation.objects.filter(customer__in=customers))
    said = _pks(_said_by_or_to(theirs, handles))
    notes = _pks(Note.objects.filter(_of(theirs)))
    deliveries = list(
        Delivery.objects.filter(about__in=[f"message:{pk}" for pk in said]).order_by("pk")
    )
    _forget_arrivals(gone, said, deliveries, addresses)
    _forget_files(gone, Q(message__in=said) | Q(note__in=notes) | Q(draft__conversation__in=theirs))
    Draft.objects.filter(conversation__in=theirs).delete()
    Message.objects.filter(pk__in=said).update(
        author_name="", subject="", text="", quoted="", html="", external_id="", to=[], cc=[],
        trust_reason="", joined_because="", troubles=[], delivery_trouble="", arrival=None,
        new_matter="", oddities=None, relayed_by="", answers_to="", forwarded=None, asks=False,
    )  # fmt: skip
    Note.objects.filter(pk__in=notes).update(text="")
    Conversation.objects.filter(pk__in=theirs).update(
        subject="", preview="", looks_like=None, looks_like_because=""
    )
    Conversation.objects.filter(last_message__in=said).update(preview="")
    Conversation.objects.filter(looks_like__in=theirs).update(looks_like=None)
    Token.objects.filter(Q(handle__in=handles) | Q(conversation__in=theirs)).delete()
    forget_deliveries(deliveries)
    _leave_other_conversations(handles, theirs, addresses)
    gone.conversations, gone.messages, gone.notes = len(theirs), len(said), len(notes)
    gone.refs += [f"conversation:{pk}" for pk in theirs] + [f"message:{pk}" for pk in said]
    gone.refs += [f"note:{pk}" for pk in notes] + [one.ref for one in deliveries]
    return gone


def _said_by_or_to(theirs: Sequence[int], handles: Sequence[int]) -> "QuerySet[Message]":
    """Everything in their conversations, and what they wrote in those of others."""
    return Message.objects.filter(_of(theirs) | Q(handle__in=handles))


def _of(theirs: Sequence[int]) -> Q:
    """What stands in these conversations by itself, or did before they were joined."""
    return Q(conversation__in=theirs, home=None) | Q(home__in=theirs)


def _pks(rows: "Iterable[object]") -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))  # type: ignore[attr-defined]


def _forget_files(gone: Gone, where: Q) -> None:
    attachments = Attachment.objects.filter(where)
    gone.files |= set(attachments.values_list("file_id", flat=True))
    attachments.delete()


def forget_deliveries(deliveries: Sequence[Delivery]) -> None:
    """What waits to leave is taken back; what left keeps its state and its name alone."""
    now = timezone.now()
    for delivery in deliveries:
        if delivery.state in (
            Delivery.State.QUEUED,
            Delivery.State.IN_DOUBT,
            Delivery.State.FAILED,
        ):
            delivery.state, delivery.settled_at = Delivery.State.CANCELLED, now
        delivery.outgoing, delivery.trouble = {}, ""
        delivery.save(update_fields=["state", "settled_at", "outgoing", "trouble"])


def _forget_arrivals(
    gone: Gone, said: Sequence[int], deliveries: Sequence[Delivery], addresses: Sequence[str]
) -> None:
    """The raw bytes of what they wrote, of what came back, and of what never found its place."""
    named = Message.objects.filter(pk__in=said, arrival__isnull=False)
    numbers = set(named.values_list("arrival_id", flat=True))
    outcomes = [f"message:{pk}" for pk in said] + [delivery.ref for delivery in deliveries]
    for start in range(0, len(outcomes), CHUNK):
        found = Arrival.objects.filter(outcome__in=outcomes[start : start + CHUNK])
        numbers |= set(found.values_list("pk", flat=True))
    numbers |= set(_that_name(addresses))
    forget_arrivals(gone, sorted(numbers))


def _that_name(addresses: Sequence[str]) -> Iterable[int]:
    """What became no message, or not yet, and names one of these addresses."""
    wanted = [address.encode() for address in addresses]
    unplaced = (
        Q(taken_at=None) | Q(outcome__startswith="nothing:") | Q(outcome__startswith="block:")
    )
    for arrival in Arrival.objects.filter(unplaced).select_related("file").iterator(CHUNK):
        if arrival.taken_at is None:
            content = _who_sends(arrival)
        else:
            content = json.dumps(arrival.envelope).encode() + raw_bytes(arrival)
        if any(_is_named(address, content.lower()) for address in wanted):
            yield arrival.pk


def _who_sends(arrival: Arrival) -> bytes:
    """What says who wrote: somebody else's mail that names them is still to be taken in."""
    raw, told = raw_bytes(arrival), str(arrival.envelope.get("from") or "").encode()
    if arrival.origin in WEB_ORIGINS:
        return raw
    head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0].replace(b"\n ", b" ")
    lines = head.replace(b"\n\t", b" ").split(b"\n")
    return b"\n".join([told, *(line for line in lines if line[:5].lower() == b"from:")])


def _is_named(address: bytes, content: bytes) -> bool:
    """Whether an address stands there by itself: `da@x.example` is no part of `ida@x.example`."""
    at = content.find(address)
    while at >= 0:
        before, after = content[:at][-1:], content[at + len(address) :][:2]
        goes_on = (
            after[:1].isalnum() or after[:1] == b"-" or (after[:1] == b"." and after[1:].isalnum())
        )
        if not (before.isalnum() or (before and before in b"._%+'-")) and not goes_on:
            return True
        at = content.find(address, at + 1)
    return False


def forget_arrivals(gone: Gone, numbers: Sequence[int]) -> None:
    """That something came, and when, stays; its bytes go. It is not taken in once more."""
    now = timezone.now()
    for arrival in Arrival.objects.filter(pk__in=numbers).select_related("file"):
        gone.files |= _files_of(arrival)
        gone.refs.append(arrival.ref)
        arrival.raw, arrival.file, arrival.envelope = b"", None, {}
        arrival.trouble = ""
        arrival.taken_at = arrival.taken_at or now
        arrival.outcome = arrival.outcome or "nothing:forgotten"
        arrival.save()
        gone.arrivals += 1


def _files_of(arrival: Arrival) -> set[int]:
    found = {arrival.file_id} if arrival.file_id else set()
    if arrival.origin in WEB_ORIGINS:
        try:
            files = json.loads(raw_bytes(arrival) or b"{}").get("files", [])
        except ValueError:
            files = []
        names = [str(one.get("sha256", "")) for one in files if isinstance(one, dict)]
        found |= set(File.objects.filter(sha256__in=names).values_list("pk", flat=True))
    return found


def _leave_other_conversations(
    handles: Sequence[int], theirs: Sequence[int], addresses: Sequence[str]
) -> None:
    """Where they only took part: their address goes from the lines of to and cc."""
    taking_part = Participant.objects.filter(handle__in=handles).exclude(conversation__in=theirs)
    gone = {address.lower() for address in addresses}
    others = Message.objects.filter(conversation__in=taking_part.values("conversation"))
    for message in others.only("pk", "to", "cc"):
        to = [one for one in message.to if str(one).lower() not in gone]
        cc = [one for one in message.cc if str(one).lower() not in gone]
        if (to, cc) != (message.to, message.cc):
            Message.objects.filter(pk=message.pk).update(to=to, cc=cc)
    taking_part.update(state=Participant.State.LEFT)


def still_promised(files: Iterable[int]) -> set[int]:
    """Files that a form brought which has not found its place: no row names them yet."""
    wanted = dict(File.objects.filter(pk__in=list(files)).values_list("sha256", "pk"))
    waiting = Arrival.objects.filter(
        Q(taken_at=None) | Q(outcome__startswith="block:"), origin__in=WEB_ORIGINS
    )
    found: set[int] = set()
    for arrival in waiting.select_related("file").iterator(CHUNK) if wanted else ():
        text = fit_for_storage(raw_bytes(arrival).decode("utf-8", "replace"))
        found |= {pk for sha256, pk in wanted.items() if sha256 in text}
    return found
