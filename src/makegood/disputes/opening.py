"""What follows from how a dispute stands: a conversation, and a promise that holds its deadline.

The customer is not written to: they went to their bank, and whoever answers decides.
"""

from django.utils.translation import gettext as _

from makegood.channels.models import Inbox
from makegood.channels.queries import first_mailbox
from makegood.conversations.beginning import Matter, begin_conversation
from makegood.conversations.models import Conversation
from makegood.customers.actions import meet
from makegood.disputes.deadline import hold_deadline
from makegood.disputes.models import Dispute
from makegood.ledger.actors import Actor
from makegood.linking.actions import link_conversations

Status = Conversation.Status
STANDING = (Status.OPEN, Status.SNOOZED)
MOST_LINKED = 3


def follow(dispute: Dispute, *, by: Actor) -> None:
    """Bring conversation and deadline in line with it. The caller holds the dispute's row."""
    if dispute.conversation_id is None and dispute.is_open:
        _open_conversation(dispute, by)
    hold_deadline(dispute, by=by)


def _open_conversation(dispute: Dispute, by: Actor) -> None:
    """One for each dispute, where it is known whose it is; linked with what they wrote of it."""
    address = (dispute.order.email if dispute.order else "") or dispute.email
    earlier = _theirs(dispute, address)
    inbox = earlier[0].inbox if earlier else first_mailbox()
    if not address or inbox is None:
        return
    name = (dispute.order.name if dispute.order else "") or dispute.name
    handle = meet("email", address, name=name, at=dispute.opened_at, by=by)
    matter = Matter(subject=_subject(dispute), reason=_reason(dispute), preview=_preview(dispute))
    begun = begin_conversation(_mailbox(inbox), handle, matter, at=dispute.opened_at, by=by)
    dispute.conversation = begun
    dispute.save(update_fields=["conversation"])
    for other in earlier[:MOST_LINKED]:
        link_conversations(begun, other, by=by)


def _mailbox(inbox: Inbox) -> Inbox:
    """What began in a chat goes on by mail: nobody sits there now."""
    return inbox if inbox.kind == "email" or inbox.mail_inbox is None else inbox.mail_inbox


def _theirs(dispute: Dispute, address: str) -> list[Conversation]:
    """What this customer has open with us: what names the order first, then the newest."""
    if not address:
        return []
    rows = Conversation.objects.filter(
        participants__handle__kind="email", participants__handle__address=address,
        status__in=STANDING,
    ).exclude(disputes__isnull=False)  # fmt: skip
    found = list(
        rows.select_related("inbox__mail_inbox").order_by("-last_at", "-pk").distinct()[:20]
    )
    number = dispute.order.number.lstrip("#").casefold() if dispute.order else ""
    return sorted(found, key=lambda one: number not in one.subject.casefold() if number else True)


def _subject(dispute: Dispute) -> str:
    if dispute.order is not None:
        return _("Dispute about order %(number)s") % {"number": dispute.order.number}
    return _("Dispute %(number)s") % {"number": dispute.external_id}


def _reason(dispute: Dispute) -> str:
    told = {"provider": dispute.get_provider_display(), "reason": dispute.get_reason_display()}
    return _("%(provider)s tells of a dispute: %(reason)s") % told


def _preview(dispute: Dispute) -> str:
    told = {"amount": dispute.amount, "reason": dispute.get_reason_display()}
    return _("%(amount)s · %(reason)s") % told
