import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from makegood.automatic.refusing import why_not_to
from makegood.channels.actions import RawArrival, take_in
from makegood.channels.interface import Trust
from makegood.channels.models import Arrival, Inbox
from makegood.channels.queries import arrival_at, raw_bytes
from makegood.chat.answers import fitting
from makegood.chat.barring import network_block_on, turn_away
from makegood.chat.models import Visitor
from makegood.chat.queries import conversation_of, visitor_with
from makegood.chat.uploads import take_uploads
from makegood.conversations.intake import take_in_arrival
from makegood.conversations.models import Message
from makegood.conversations.resolving import goes_on
from makegood.conversations.standing import lock_standing
from makegood.customers.actions import (
    CustomerActor,
    Details,
    canonical_address,
    change_details,
    meet,
)
from makegood.customers.blocking import block_on
from makegood.customers.models import Handle
from makegood.kit.errors import Refused
from makegood.kit.ids import digest, new_token
from makegood.kit.records import ref_id
from makegood.kit.text import fit_for_storage, one_line, plain_name
from makegood.ledger.actors import System

log = logging.getLogger(__name__)

WORD_LASTS = timedelta(days=1)
"""So long after the shop said who it is, what is written counts as theirs."""
SUBJECT_LENGTH = 60
MOST_ANSWERS, MOST_IN_CART = 20, 50
MOST_TAGS, TAG_LENGTH = 20, 60


class Blocked(Refused):
    """Nothing from this visitor reaches the desk now."""

    status = 403

    def __init__(self) -> None:
        super().__init__(_("You cannot write to us here. Please use another way to reach us."))


class NotTaken(Refused):
    """It is kept, and not in its place yet: asked again in a moment, it is."""

    status = 503

    def __init__(self) -> None:
        super().__init__(_("We have it, and it takes a moment longer than usual."))


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a visitor typed. `client_id` is their browser's own word: sent twice, it is said once.

    None stands where the page says nothing of a thing.
    """

    client_id: str
    text: str = ""
    files: Sequence[str] = ()
    name: str = ""
    email: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    tags: Sequence[str] = ()
    network: str = ""


def admit(inbox: Inbox, secret: str, *, language: str = "", origin: str = "") -> Visitor:
    """The visitor with this secret; a browser that writes for the first time becomes one."""
    now = timezone.now()
    known = visitor_with(inbox, secret, now)
    return known or _first_visit(inbox, secret, language, origin)


@transaction.atomic
def _first_visit(inbox: Inbox, secret: str, language: str, origin: str) -> Visitor:
    inbox_row = Inbox.objects.select_for_update().get(pk=inbox.pk)  # two tabs at once are one
    now = timezone.now()
    known = visitor_with(inbox_row, secret, now)
    if known is not None:
        return known
    word = new_token()
    with translation.override(inbox.language or None):
        name = _("Visitor %(word)s") % {"word": word[:4]}
    handle = meet("chat", f"v.{word}", name=name, at=now, by=System("chat"))
    return Visitor.objects.create(
        inbox=inbox,
        handle=handle,
        secret_hash=digest(secret),
        origin=origin[:250],
        language=language,
        first_seen_at=now,
        seen_at=now,
    )


def say(visitor: Visitor, said: Said) -> Message:
    """Take in what a visitor wrote: durable, and in its place, when this returns.

    Raises `Refused` where there is nothing in it, or where other words came by the same name.
    """
    refuse_blocked(visitor)
    key = f"chat:{visitor.pk}:{said.client_id}"
    before = arrival_at(visitor.inbox, key)
    outcome = _stored(visitor, said, key) if before is None else ""
    if not outcome:
        before = before or arrival_at(visitor.inbox, key)
        if before is None:
            raise NotTaken
        _refuse_other_words(before, said)
        outcome = take_in_arrival(before.pk)
    message = _message_of(outcome)
    _remember(visitor, said)
    return message


def refuse_blocked(visitor: Visitor) -> None:
    """Raises `Blocked` where this visitor is not heard now."""
    found = block_on("chat", visitor.handle.address, timezone.now())
    if found is not None:
        turn_away(found[1].ref)
        raise Blocked


def refuse_network(network: str) -> None:
    """Raises `Blocked` where nobody of this network is heard now."""
    block = network_block_on(network, timezone.now())
    if block is not None:
        turn_away(block.ref)
        raise Blocked


def is_unheard(visitor: Visitor, network: str) -> bool:
    """Whether they or their network are blocked; asking counts no attempt."""
    now = timezone.now()
    is_blocked = block_on("chat", visitor.handle.address, now) is not None
    return is_blocked or network_block_on(network, now) is not None


class _Moved(Exception):
    """Their words belong elsewhere than where they did a moment ago."""


def _stored(visitor: Visitor, said: Said, key: str) -> str:
    for _again in range(3):
        try:
            return _store(visitor, said, key)
        except _Moved:
            continue
    raise NotTaken


def _hold(visitor: Visitor) -> None:
    """Lock the conversation and then the visitor, as whoever answers does: neither can wait for
    the other while the other waits for it.
    """
    place = conversation_of(visitor)
    held = None if place is None else lock_standing(place.pk)
    Visitor.objects.select_for_update().get(pk=visitor.pk)
    if conversation_of(visitor) != held:
        raise _Moved


@transaction.atomic
def _store(visitor: Visitor, said: Said, key: str) -> str:
    """Keep it, and what became of it: one commit for both. Empty where it has no place yet."""
    _hold(visitor)
    if arrival_at(visitor.inbox, key) is not None:
        return ""  # the same was sent twice at once, and its files are taken already
    text = fit_for_storage(said.text).strip()
    files = take_uploads(visitor, said.files)
    if not text and not files:
        raise Refused(_("There is nothing to send yet: write something first."))
    longest = visitor.inbox.limits.characters or len(text)
    if len(text) > longest:
        words = _("This is %(n)s characters longer than the channel allows.")
        raise Refused(words % {"n": len(text) - longest})
    place = conversation_of(visitor)
    begins = place is None or not goes_on(place)
    content = {
        "handle": visitor.handle.address,
        "name": visitor.handle.customer.name,
        "subject": _subject(text, files) if begins else "",
        "text": text,
        "files": files,
    }
    raw = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
    envelope = _envelope(visitor) | {"network": said.network}
    take_in(
        [RawArrival(inbox_id=visitor.inbox_id, raw=raw, origin="chat", envelope=envelope,
                    external_id=key)]
    )  # fmt: skip
    return _placed(visitor, key)


def _placed(visitor: Visitor, key: str) -> str:
    """Give it its place at once; what cannot be placed is kept, and tried again."""
    arrival = arrival_at(visitor.inbox, key)
    if arrival is None:
        return ""
    try:
        with transaction.atomic():
            return take_in_arrival(arrival.pk)
    except Exception:
        log.exception("A visitor's words are kept and not in their place.")
        return ""


def _envelope(visitor: Visitor) -> dict[str, Any]:
    """How sure we are of who it is: of the browser, and of the person only by the shop's word."""
    lately = visitor.signed_at is not None and visitor.signed_at > timezone.now() - WORD_LASTS
    if visitor.is_signed() and lately:
        why = _("Written in the shop’s chat, signed in: the shop says who it is")
        return {"trust": Trust.VERIFIED, "why": why}
    if visitor.proven is not None:
        words = _("Written in a browser that opened the private link of %(who)s")
        return {"trust": Trust.SAME, "why": words % {"who": visitor.proven.address}}
    why = _("Written in the shop’s chat. Who it is, nobody has proven")
    return {"trust": Trust.UNVERIFIED, "why": why}


def _subject(text: str, files: Sequence[Mapping[str, str]]) -> str:
    line = one_line(text, 500) or ", ".join(file["name"] for file in files)
    if len(line) <= SUBJECT_LENGTH:
        return line
    return line[:SUBJECT_LENGTH].rpartition(" ")[0].rstrip(",;:.") + " …"


def _refuse_other_words(arrival: Arrival, said: Said) -> None:
    if json.loads(raw_bytes(arrival))["text"] != fit_for_storage(said.text).strip():
        raise Refused(_("Something else was sent under this name already."))


def _message_of(outcome: str) -> Message:
    """What became of it. What was set aside has come from somebody who was blocked meanwhile."""
    if not outcome.startswith("message:"):
        raise Blocked
    found = Message.objects.select_related("agent", "arrival").prefetch_related("attachments__file")
    return found.get(pk=ref_id(outcome))


def _remember(visitor: Visitor, said: Said) -> None:
    """What they said of themselves beside their words."""
    name_visitor(visitor, said.name)
    answers = fitting(visitor.inbox, said.answers)
    answers = visitor.answers | dict(list(answers.items())[:MOST_ANSWERS])
    mail = _mail_of(visitor, said.email)
    tags = _tags(said.tags) or visitor.tags
    before = (visitor.answers, visitor.mail, visitor.network, visitor.tags)
    if before != (answers, mail, said.network, tags):
        visitor.answers, visitor.mail, visitor.network = answers, mail, said.network
        visitor.tags = tags
        visitor.save(update_fields=["answers", "mail", "network", "tags"])


def _tags(said: Sequence[str]) -> list[str]:
    """Words of the shop's page about them: shown as the page's, and never believed."""
    tidy = (one_line(word, TAG_LENGTH) for word in said[:MOST_TAGS])
    return list(dict.fromkeys(word for word in tidy if word))


def name_visitor(visitor: Visitor, name: str) -> None:
    """Call them as they said; a name that an agent or the shop gave stays."""
    customer, name = visitor.handle.customer, plain_name(name)
    if name and customer.name == visitor.handle.name != name:
        details = Details(name=name, language=customer.language, time_zone=customer.time_zone)
        change_details(customer, details, by=CustomerActor(visitor.handle))


def leave_address(visitor: Visitor, email: str) -> str:
    """Answers that they do not read go there by mail. Raises `Refused` where that is no address."""
    try:
        validate_email(email.strip())
    except ValidationError as error:
        raise Refused(_("This does not look like an e-mail address.")) from error
    mail = _mail_of(visitor, email)
    if mail is None or why_not_to(mail.address):
        raise Refused(_("We cannot write to this address. Please give another one."))
    visitor.mail = mail
    visitor.save(update_fields=["mail"])
    return mail.address


def _mail_of(visitor: Visitor, email: str) -> Handle | None:
    """The address that they gave, unproven; nothing but unread answers goes there."""
    address = canonical_address("email", email)
    if "@" not in address or (visitor.mail and visitor.mail.address == address):
        return visitor.mail
    return meet("email", address, at=timezone.now(), by=CustomerActor(visitor.handle))
