"""Customers of one sort: a few conditions that all hold, kept under a name."""

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.conversations.models import Conversation
from makegood.customers.finding import named_like
from makegood.customers.models import Block, Consent, Customer
from makegood.fields.filtering import condition, field_named
from makegood.fields.models import Field
from makegood.kit.errors import Refused
from makegood.kit.second import refuses_a_second
from makegood.kit.text import one_line
from makegood.ledger.actions import record
from makegood.people.events import SegmentRemoved, SegmentSaved
from makegood.people.models import Segment
from makegood.team.models import Agent

WORDS = (
    "name", "tag", "language", "blocked", "seen_within", "silent_for", "conversations",
    "consent", "field", "operator", "value",
)  # fmt: skip
"""What a condition may ask for; an empty one asks for nothing."""


def tidy(conditions: Mapping[str, str]) -> dict[str, str]:
    """Only what is asked for, each on one line."""
    asked = {word: one_line(str(conditions.get(word) or ""), 200) for word in WORDS}
    return {word: value for word, value in asked.items() if value}


def narrowed(
    customers: "QuerySet[Customer]", conditions: Mapping[str, str], agent: Agent
) -> "QuerySet[Customer]":
    """Those of whom every condition holds. One that cannot be read raises `Refused`."""
    now = timezone.now()
    if name := conditions.get("name"):
        customers = named_like(customers, name)
    if tag := conditions.get("tag"):
        customers = customers.filter(tags__word=tag.lower().lstrip("#"))
    if language := conditions.get("language"):
        customers = customers.filter(language=language)
    if days := conditions.get("seen_within"):
        customers = customers.filter(last_seen_at__gte=now - _days(days))
    if days := conditions.get("silent_for"):
        customers = customers.filter(last_seen_at__lt=now - _days(days))
    if blocked := conditions.get("blocked"):
        holds = _blocked()
        customers = customers.filter(holds) if blocked == "yes" else customers.exclude(holds)
    if count := conditions.get("conversations"):
        customers = _with_conversations(customers, _number(count))
    if purpose := conditions.get("consent"):
        customers = _who_agreed(customers, purpose)
    return _asked_of_fields(customers, conditions, agent)


def _days(typed: str) -> timedelta:
    return timedelta(days=min(_number(typed), 36_500))


def _number(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 6):
        raise Refused(_("“%(text)s” is not a whole number.") % {"text": typed[:40]})
    return int(typed)


def _blocked() -> Q:
    now = timezone.now()
    holding = Block.objects.filter(Q(until=None) | Q(until__gt=now), lifted_at=None)
    own = holding.filter(customer__isnull=False).values("customer")
    handles = holding.filter(handle__isnull=False).values("handle__customer")
    return Q(pk__in=own) | Q(pk__in=handles)


def _with_conversations(customers: "QuerySet[Customer]", least: int) -> "QuerySet[Customer]":
    theirs = Conversation.objects.filter(customer=OuterRef("pk")).order_by()
    counted = theirs.values("customer").annotate(count=Count("pk")).values("count")
    number = Subquery(counted, output_field=IntegerField())
    return customers.annotate(conversation_count=number).filter(conversation_count__gte=least)


def _who_agreed(customers: "QuerySet[Customer]", purpose: str) -> "QuerySet[Customer]":
    newest = Consent.objects.filter(customer=OuterRef("pk"), purpose=purpose).order_by("-pk")
    return customers.annotate(agreed=Subquery(newest.values("is_given")[:1])).filter(agreed=True)


def _asked_of_fields(
    customers: "QuerySet[Customer]", conditions: Mapping[str, str], agent: Agent
) -> "QuerySet[Customer]":
    key = conditions.get("field")
    if not key:
        return customers
    field = field_named(Field.Noun.CUSTOMER, key, role=agent.role)
    if field is None:
        return customers.none()  # a field that this agent may not see tells them nothing
    asked = condition(field, conditions.get("operator", "is"), conditions.get("value", ""))
    return customers.filter(asked)


@refuses_a_second
@transaction.atomic
def save_segment(
    segment: Segment | None, *, name: str, conditions: Mapping[str, str], by: Agent
) -> Segment:
    """Keep a sort of customers under a name, or change it."""
    name, wanted = one_line(name, 80), tidy(conditions)
    if not name:
        raise Refused(_("A segment needs a name."))
    if not wanted:
        raise Refused(_("Say at least one thing that these customers have in common."))
    same = Segment.objects.filter(name__iexact=name)
    if same.exclude(pk=segment.pk if segment else 0).exists():
        raise Refused(_("There is a segment of this name already."))
    narrowed(Customer.objects.all(), wanted, by)  # refuses what cannot be read
    if segment is None:
        segment = Segment(made_by=by, made_at=timezone.now())
    before = dict(segment.conditions)
    segment.name, segment.conditions = name, wanted
    segment.save()
    fact = SegmentSaved(segment=segment.pk, name=name, before=before, after=wanted)
    record(fact, about=[segment], by=by)
    return segment


@transaction.atomic
def remove_segment(segment: Segment, *, by: Agent) -> None:
    """The name is taken away; the customers stay."""
    ref, name, pk = segment.ref, segment.name, segment.pk
    if Segment.objects.filter(pk=pk).delete()[0]:
        record(SegmentRemoved(segment=pk, name=name), about=[ref], by=by)
