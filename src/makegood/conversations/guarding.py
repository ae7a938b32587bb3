"""An answer is looked over before it leaves: what the guard is told, and what it may stop."""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from makegood.channels.models import Inbox
from makegood.conversations.models import Conversation, Message, Participant, Token
from makegood.customers.models import Handle
from makegood.guard.checking import check
from makegood.guard.sheet import Finding, Severity, Sheet
from makegood.kit.errors import Refused
from makegood.kit.ids import digest
from makegood.kit.rx import rx

THEIR_WORDS = 10
_MAIL = rx(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_PRIVATE = rx(r"https?://[^\s<>\"')]+/c/([a-z2-7]{26})")


class Stopped(Refused):
    """Something in the answer is wrong, or odd enough to ask; `findings` says what."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = findings
        self.is_question = all(one.severity == Severity.QUESTION for one in findings)
        words = _("Look once more before this leaves.")
        super().__init__(words if self.is_question else _("This cannot leave as it is."))


def look_over(sheet: Sheet, accepted: Sequence[str]) -> Sequence[Finding]:
    """Raises `Stopped` where something stands in the way; returns what was asked and accepted."""
    findings = check(sheet)
    asked = [one for one in findings if one.severity == Severity.QUESTION and one.key in accepted]
    if len(asked) < len(findings):
        raise Stopped(findings)
    return asked


def sheet_of(
    conversation: Conversation,
    text: str,
    *,
    files: Sequence[str],
    recipients: Sequence[str],
    sender: Inbox,
) -> Sheet:
    """Everything that the guard wants to know of an answer to this conversation."""
    incoming = conversation.messages.filter(
        direction=Message.Direction.INCOMING, automatic=""
    ).order_by("-pk")
    taking_part = Participant.objects.filter(
        conversation=conversation, state=Participant.State.ACTIVE
    ).values_list("handle__address", flat=True)
    theirs = incoming.values_list("text", flat=True)[:THEIR_WORDS]
    return Sheet(
        text=text,
        theirs="\n".join(words[:4_000] for words in theirs),
        files=files,
        recipients=recipients,
        taking_part=list(taking_part),
        ours=list(Inbox.objects.exclude(address="").values_list("address", flat=True)),
        house=settings.URL,
        foreign=list(foreign_in(conversation, text)),
        deaf=deaf(sender),
    )


def foreign_in(conversation: Conversation, text: str) -> Iterator[tuple[str, str]]:
    """Other customers' addresses, and private links of other conversations."""
    addresses = {match.group(0).lower().rstrip(".") for match in _MAIL.finditer(text)}
    if addresses:
        others = Handle.objects.filter(kind="email", address__in=sorted(addresses)[:50])
        others = others.exclude(customer=conversation.customer_id)
        part = conversation.participants.values("handle")
        for handle in others.exclude(pk__in=part).select_related("customer"):
            yield handle.address, _("This is another customer's address:")
    for match in list(_PRIVATE.finditer(text))[:20]:
        token = Token.objects.filter(token_hash=digest(match.group(1))).first()
        if token is not None and token.conversation_id != conversation.pk:
            yield match.group(0), _("This is the private link of another conversation:")


def private_links_in(text: str) -> list[str]:
    """Links that open a customer's conversation, whosever it is."""
    return [match.group(0) for match in list(_PRIVATE.finditer(text))[:20]]


def deaf(sender: Inbox) -> str:
    """Why an answer could not come in; empty where it can."""
    if sender.state == Inbox.State.PAUSED:
        return _("%(inbox)s is paused: an answer to this would not be taken in.") % {
            "inbox": sender.name
        }
    own = Handle.objects.filter(kind="email", address=sender.address.lower()).first()
    if own is not None and own.bounced_at is not None:
        day = formats.date_format(timezone.localtime(own.bounced_at), "j M")
        return _("Answers go to %(address)s, which refused mail on %(day)s.") % {
            "address": sender.address,
            "day": day,
        }
    return ""
