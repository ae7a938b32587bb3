"""What is in a person's copy: the same twice, as JSON for machines and as a page for people."""

import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from django.db.models import Prefetch
from django.template import engines
from django.utils import timezone

from makegood.beside.copying import beside_of
from makegood.beside.models import SideFile
from makegood.channels.models import Arrival
from makegood.channels.queries import raw_bytes
from makegood.chat.queries import ratings_of, told_of, visitors_of
from makegood.conversations.models import Attachment, Conversation, Message, Note
from makegood.customers.forgetting import arrivals_of
from makegood.customers.merging import parts_of
from makegood.customers.models import Customer, CustomerTag
from makegood.fields.queries import fields_of, values_of
from makegood.files import storage
from makegood.ledger.models import Event
from makegood.shop.models import Order
from makegood.shop.queries import orders_told_of
from makegood.team.models import Agent

FORMAT = 1
SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


@dataclass
class Box:
    """The archive being filled, and the files that lie in it under their own names."""

    zip: zipfile.ZipFile
    names: dict[int, str] = field(default_factory=dict)

    def add_file(self, attachment: Attachment | SideFile, folder: str = "files") -> str:
        """Each attachment under its number, so that no name can lead out of the folder."""
        plain = "".join(letter if letter in SAFE else "_" for letter in attachment.name)[-80:]
        name = f"{folder}/{attachment.pk}-{plain.strip('.') or 'file'}"
        self.zip.write(storage.path_of(attachment.file.sha256), name)
        return name

    def add_arrival(self, arrival: Arrival) -> str:
        suffix = "json" if arrival.origin in ("form", "link") else "eml"
        name = f"as-it-came/{arrival.pk}.{suffix}"
        self.zip.writestr(name, raw_bytes(arrival))
        return name


def pack(customer: Customer, asked_by: Agent, target: IO[bytes]) -> None:
    """Write the whole archive."""
    people = [customer.pk, *parts_of(customer)]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        box = Box(archive)
        held = everything(customer, people, box)
        text = json.dumps(held, ensure_ascii=False, indent=2, default=str)
        archive.writestr("data.json", text)
        template = engines["jinja2"].get_template("people/copy.html")
        archive.writestr("read-me.html", template.render({"held": held, "who": asked_by.name}))


def everything(customer: Customer, people: Sequence[int], box: Box) -> dict[str, Any]:
    """All that is held of one person, by what it is."""
    return {
        "format": FORMAT,
        "made_at": timezone.now().isoformat(),
        "customer": _details(customer, people),
        "handles": [
            {"kind": one.kind, "address": one.address, "name": one.name,
             "verified_at": one.verified_at, "bounced_at": one.bounced_at}
            for one in customer.handles.order_by("pk")
        ],
        "fields": _fields("customer", customer.pk),
        "notes": [
            {"at": one.at, "by": one.by_name, "text": one.text}
            for one in customer.notes.order_by("at", "pk")
        ],
        "orders": [_order(one) for one in orders_told_of(_addresses(customer))],
        "consents": [
            {"purpose": one.purpose, "given": one.is_given, "how": one.how, "at": one.at}
            for one in customer.consents.order_by("pk")
        ],
        "blocks": _blocks(customer),
        "browsers": [told_of(one) for one in visitors_of(people)],
        "conversations": [_conversation(one, box) for one in _conversations(customer)],
        "written_elsewhere": [_message(one, box) for one in _elsewhere(customer)],
        "set_aside": [
            {"at": one.arrived_at, "as_it_came": box.add_arrival(one)}
            for one in _set_aside(people)
        ],
        "events": list(_events(people)),
    }  # fmt: skip


def _addresses(customer: Customer) -> list[str]:
    return [one.address for one in customer.handles.filter(kind="email")]


def _order(one: Order) -> dict[str, Any]:
    return {
        "number": one.number,
        "placed_at": one.placed_at,
        "name": one.name,
        "email": one.email,
        "phone": one.phone,
        "address": one.address,
        "country": one.country,
        "customer_number": one.buyer,
        "total": f"{one.total.decimal()} {one.currency}",
        "lines": [
            {"sku": line.sku, "title": line.title, "quantity": line.quantity}
            for line in one.lines.all()
        ],
    }


def _set_aside(people: Sequence[int]) -> Iterable[Arrival]:
    kept_out = Arrival.objects.filter(pk__in=arrivals_of(people), outcome__startswith="block:")
    return kept_out.select_related("file").order_by("pk")


def _details(customer: Customer, people: Sequence[int]) -> dict[str, Any]:
    tags = CustomerTag.objects.filter(customer__in=people).values_list("word", flat=True)
    others = Customer.objects.filter(pk__in=people).exclude(pk=customer.pk).order_by("pk")
    return {
        "number": customer.pk,
        "name": customer.name,
        "language": customer.language,
        "time_zone": customer.time_zone,
        "first_seen_at": customer.first_seen_at,
        "last_seen_at": customer.last_seen_at,
        "tags": sorted(set(tags)),
        "also_known_as": [{"number": one.pk, "name": one.name} for one in others],
    }


def _fields(noun: str, thing: int) -> dict[str, str]:
    """Archived ones, too: what they say is held."""
    fields = fields_of(noun, with_archived=True)
    values = values_of(fields, thing)
    return {one.name: values[one.pk] for one in fields if one.pk in values}


def _blocks(customer: Customer) -> list[dict[str, Any]]:
    own = list(customer.blocks.order_by("pk"))
    for handle in customer.handles.order_by("pk"):
        own += handle.blocks.order_by("pk")
    return [
        {"since": one.since, "until": one.until, "reason": one.reason, "lifted_at": one.lifted_at}
        for one in own
    ]


def _conversations(customer: Customer) -> Iterable[Conversation]:
    return Conversation.objects.filter(customer=customer).select_related("inbox").order_by("pk")


def _conversation(one: Conversation, box: Box) -> dict[str, Any]:
    notes = Note.objects.filter(conversation=one).select_related("agent").order_by("pk")
    return {
        "number": one.pk,
        "subject": one.subject,
        "inbox": one.inbox.name,
        "status": one.status,
        "opened_at": one.opened_at,
        "resolved_at": one.resolved_at,
        "tags": list(one.tags.values_list("name", flat=True)),
        "fields": _fields("conversation", one.pk),
        "messages": [_message(said, box) for said in _messages(one.messages.all())],
        "ratings": [
            {"at": said.at, "choice": said.choice, "words": said.words} for said in ratings_of(one)
        ],
        "notes": [
            {"at": note.at, "by": note.agent.name, "text": note.text, "files": _files(note, box)}
            for note in notes.prefetch_related("attachments__file")
        ],
        "beside": beside_of(one, box.add_file, box.add_arrival),
    }


def _messages(rows: Any) -> Iterable[Message]:
    files = Prefetch("attachments", Attachment.objects.select_related("file").order_by("pk"))
    said: Iterable[Message] = (
        rows.select_related("arrival__file").prefetch_related(files).order_by("pk")
    )
    return said


def _elsewhere(customer: Customer) -> Iterable[Message]:
    """What they wrote in conversations of others."""
    said = Message.objects.filter(handle__customer=customer)
    return _messages(said.exclude(conversation__customer=customer))


def _message(one: Message, box: Box) -> dict[str, Any]:
    return {
        "at": one.at,
        "direction": one.direction,
        "by": one.author_name,
        "to": one.to,
        "cc": one.cc,
        "subject": one.subject,
        "text": one.text,
        "quoted": one.quoted,
        "html": one.html,
        "trust": one.trust,
        "trust_reason": one.trust_reason,
        "delivery": one.delivery_state,
        "files": _files(one, box),
        "as_it_came": box.add_arrival(one.arrival) if one.arrival else "",
    }


def _files(place: Message | Note, box: Box) -> list[dict[str, str]]:
    return [{"name": one.name, "path": box.add_file(one)} for one in place.attachments.all()]


def _events(people: Sequence[int]) -> Iterable[dict[str, Any]]:
    refs = [f"customer:{pk}" for pk in people]
    about = Event.objects.filter(subjects__ref__in=refs).select_related("personal").distinct()
    for event in about.order_by("pk"):
        yield {"at": event.at, "kind": event.kind, "told": event.sentence(), "facts": event.told()}
