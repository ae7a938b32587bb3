"""Fields in a text: `{customer.first_name|there}`. Substitution, and nothing else: no code."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from django.utils import formats, timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.concerns.queries import order_meant
from makegood.conversations.models import Conversation, Participant
from makegood.kit.errors import Refused
from makegood.kit.markdown import escaped
from makegood.kit.rx import rx
from makegood.kit.text import one_line
from makegood.makegoods.models import Makegood
from makegood.makegoods.queries import newest_given
from makegood.parcels.eta import expected
from makegood.shop.hearing import parcels_of
from makegood.shop.models import Order
from makegood.team.models import Agent

_FIELD = rx(r"\{([^{}\n|]{1,60})(?:\|([^{}\n]{0,120}))?\}")
_DAYS_OF_A_WEEK = 7
LONGEST_TEXT = 20_000


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What fields are filled from."""

    conversation: Conversation
    agent: Agent
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class Field:
    """A name that may stand in a text, and what comes in its place; empty where nothing does."""

    name: str
    label: str | Promise
    value: Callable[[Setting], str]


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A text with its fields filled in, and the names of those that nothing was known for."""

    text: str
    blanks: tuple[str, ...] = ()
    language: str = ""


def _first(name: str) -> str:
    words = name.split()
    return words[0] if words and "@" not in name else ""


def _customer(setting: Setting) -> str:
    name = setting.conversation.customer.name
    return "" if "@" in name else name


def _address(setting: Setting) -> str:
    found = Participant.objects.filter(
        conversation=setting.conversation, handle__kind="email", state=Participant.State.ACTIVE
    )
    return str(found.order_by("pk").values_list("handle__address", flat=True).first() or "")


def _shop(setting: Setting) -> str:
    inbox = setting.conversation.inbox
    return inbox.sender_name or (inbox.mail_inbox.sender_name if inbox.mail_inbox else "")


def _inbox_address(setting: Setting) -> str:
    inbox = setting.conversation.inbox
    return inbox.address or (inbox.mail_inbox.address if inbox.mail_inbox else "")


def _day(days: int) -> Callable[[Setting], str]:
    def value(setting: Setting) -> str:
        day = timezone.localdate() + timedelta(days=days)
        with translation.override(setting.language or "en"):
            return formats.date_format(day, "DATE_FORMAT")

    return value


def _order(say: Callable[[Order], str]) -> Callable[[Setting], str]:
    """Of the order it is about; nothing of one that its customer may not hear of."""

    def value(setting: Setting) -> str:
        found = order_meant(setting.conversation)
        with translation.override(setting.language or "en"):
            return say(found) if found else ""

    return value


def _tracking(order: Order) -> str:
    parcels = [one for one in parcels_of(order) if one.tracking]
    return ", ".join(f"{one.carrier} {one.tracking}".strip() for one in parcels)


def _eta(order: Order) -> str:
    """The days between which it is foreseen to come: `between 24 and 26 November`."""
    found = expected(order, timezone.now())
    if found is None:
        return ""
    zone = ZoneInfo(order.shop.time_zone)
    first, last = (at.astimezone(zone).date() for at in (found.median, found.most))
    until = formats.date_format(last, _("j F"))
    if first >= last:
        return _("on %(day)s") % {"day": until}
    is_one_month = (first.year, first.month) == (last.year, last.month)
    begins = formats.date_format(first, _("j") if is_one_month else _("j F"))
    return _("between %(first)s and %(last)s") % {"first": begins, "last": until}


def _given(say: Callable[[Makegood], str]) -> Callable[[Setting], str]:
    """Of what was given here last and can still be used."""

    def value(setting: Setting) -> str:
        found = newest_given(setting.conversation)
        with translation.override(setting.language or "en"):
            return say(found) if found else ""

    return value


def _until(makegood: Makegood) -> str:
    """Its last whole day, as its customer's shop counts days."""
    if makegood.valid_until is None:
        return ""
    zone = ZoneInfo(makegood.order.shop.time_zone) if makegood.order else None
    return formats.date_format(timezone.localdate(makegood.valid_until, zone), "DATE_FORMAT")


FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        Field(
            name="customer.first_name",
            label=gettext_lazy("the customer’s first name"),
            value=lambda s: _first(s.conversation.customer.name),
        ),
        Field(name="customer.name", label=gettext_lazy("the customer’s name"), value=_customer),
        Field(name="customer.email", label=gettext_lazy("the customer’s address"), value=_address),
        Field(
            name="conversation.number",
            label=gettext_lazy("the conversation’s number"),
            value=lambda s: str(s.conversation.pk),
        ),
        Field(
            name="conversation.subject",
            label=gettext_lazy("what the conversation is about"),
            value=lambda s: s.conversation.subject,
        ),
        Field(name="agent.name", label=gettext_lazy("your name"), value=lambda s: s.agent.name),
        Field(
            name="agent.first_name",
            label=gettext_lazy("your first name"),
            value=lambda s: _first(s.agent.name),
        ),
        Field(
            name="inbox.name",
            label=gettext_lazy("the inbox’s name"),
            value=lambda s: s.conversation.inbox.name,
        ),
        Field(
            name="inbox.address", label=gettext_lazy("the inbox’s address"), value=_inbox_address
        ),
        Field(name="shop.name", label=gettext_lazy("the shop’s name"), value=_shop),
        Field(
            name="order.number",
            label=gettext_lazy("the order’s number"),
            value=_order(lambda order: order.number),
        ),
        Field(
            name="order.total",
            label=gettext_lazy("what the order cost"),
            value=_order(lambda order: str(order.total)),
        ),
        Field(
            name="order.status",
            label=gettext_lazy("where the order is, in a word"),
            value=_order(lambda order: order.stands()),
        ),
        Field(
            name="order.tracking",
            label=gettext_lazy("the numbers of the order’s parcels"),
            value=_order(_tracking),
        ),
        Field(
            name="order.eta",
            label=gettext_lazy("when the order is foreseen to arrive"),
            value=_order(_eta),
        ),
        Field(
            name="makegood.code",
            label=gettext_lazy("the code of the coupon that was given here"),
            value=_given(lambda makegood: makegood.code),
        ),
        Field(
            name="makegood.value",
            label=gettext_lazy("what was given here is worth"),
            value=_given(lambda makegood: str(makegood.face) if makegood.face_minor else ""),
        ),
        Field(
            name="makegood.until",
            label=gettext_lazy("until when what was given here can be used"),
            value=_given(_until),
        ),
        Field(name="date.today", label=gettext_lazy("today’s date"), value=_day(0)),
        Field(name="date.tomorrow", label=gettext_lazy("tomorrow’s date"), value=_day(1)),
        Field(
            name="date.in_a_week",
            label=gettext_lazy("the date in a week"),
            value=_day(_DAYS_OF_A_WEEK),
        ),
    )
}


def fill(text: str, setting: Setting) -> Filled:
    """Put in what is known; else the fallback; else the field stands as it is, to be seen."""
    pieces, blanks, position = [], [], 0
    for match in _FIELD.finditer(text):
        field = FIELDS.get(match.group(1).strip())
        # What a customer is called is no formatting of ours, whatever it looks like.
        value = escaped(one_line(field.value(setting), 200)) if field else ""
        if not value and match.group(2) is not None:
            value = match.group(2)
        elif not value:
            value = "{" + match.group(1).strip() + "}"
            blanks.append(value)
        pieces += [text[position : match.start()], value]
        position = match.end()
    pieces.append(text[position:])
    return Filled(
        text="".join(pieces), blanks=tuple(dict.fromkeys(blanks)), language=setting.language
    )


def refuse_unknown_fields(text: str) -> None:
    """Say which field there is not, in which line, and which was probably meant."""
    for line, name in _names(text):
        if name in FIELDS:
            continue
        words = {"line": line, "name": "{" + name + "}"}
        near = get_close_matches(name, FIELDS, n=1, cutoff=0.6)
        if near:
            words["near"] = "{" + near[0] + "}"
            said = _("Line %(line)s: there is no field %(name)s. Did you mean %(near)s?")
            raise Refused(said % words)
        raise Refused(_("Line %(line)s: there is no field %(name)s.") % words)


def _names(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        for match in _FIELD.finditer(line):
            yield number, match.group(1).strip()
