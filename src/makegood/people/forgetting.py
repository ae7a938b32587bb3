"""Forgetting one person: words, handles and files go, what is counted stays, and so does the proof.

It cannot be undone. What a backup holds, it holds until the backup is thrown away: see
docs/customers.md.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.beside.forgetting import forget_beside
from makegood.conversations.forgetting import Gone, forget_arrivals, forget_words, still_promised
from makegood.conversations.models import Attachment, Conversation, Message, Note
from makegood.customers.actions import lock_customer
from makegood.customers.events import CustomerForgotten
from makegood.customers.forgetting import arrivals_of, forget_details
from makegood.customers.merging import parts_of
from makegood.customers.models import Customer, Handle
from makegood.files.leaving import let_go
from makegood.kit.errors import Refused
from makegood.ledger.actions import forget_all, record
from makegood.makegoods.forgetting import forget_makegoods
from makegood.people.copying import throw_copies_away
from makegood.promises.forgetting import forget_promises
from makegood.search.actions import drop
from makegood.team.models import Agent


@dataclass(frozen=True, kw_only=True)
class Goes:
    """What would go, for the page that asks once more."""

    conversations: int
    messages: int
    notes: int
    files: int
    handles: int


def what_goes(customer: Customer) -> Goes:
    parts = [customer.pk, *parts_of(customer)]
    theirs = Q(conversation__customer__in=parts)
    in_theirs = Q(message__conversation__customer__in=parts)
    in_theirs |= Q(note__conversation__customer__in=parts)
    return Goes(
        conversations=Conversation.objects.filter(customer__in=parts).count(),
        messages=Message.objects.filter(theirs | Q(handle__customer__in=parts)).count(),
        notes=Note.objects.filter(theirs).count() + customer.notes.count(),
        files=Attachment.objects.filter(in_theirs).count(),
        handles=Handle.objects.filter(customer__in=parts).count(),
    )


@transaction.atomic
def forget_customer(customer: Customer, *, by: Agent) -> Gone:
    """Take away for good what this person said and what says who they are."""
    if not by.may("customers.forget"):
        raise Refused(_("Only leads and owners may forget a person."))
    customer = lock_customer(customer)
    people = [customer.pk, *parts_of(customer)]
    handles = list(Handle.objects.filter(customer__in=people))
    addresses = [handle.address for handle in handles]
    gone = forget_words(people, [handle.pk for handle in handles], addresses)
    forget_beside(gone, people, addresses)
    forget_arrivals(gone, arrivals_of(people))
    gone.refs += forget_details(people, timezone.now())
    gone.refs += throw_copies_away(people)
    gone.refs += forget_promises(people, timezone.now())
    gone.refs += forget_makegoods(people)
    drop([ref for ref in gone.refs if ref.startswith(("message:", "note:", "sidemessage:"))])
    files = let_go(gone.files - still_promised(gone.files))
    forget_all(gone.refs, by=by)
    fact = CustomerForgotten(
        conversations=gone.conversations,
        messages=gone.messages,
        notes=gone.notes,
        files=files,
        arrivals=gone.arrivals,
    )
    record(fact, about=[customer], by=by)
    return gone
