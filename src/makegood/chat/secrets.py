"""The secret of a visitor's browser: renewed, and watched once it was given up (T82)."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.channels.models import Inbox
from makegood.chat.events import OldSecretUsed
from makegood.chat.models import Visitor
from makegood.chat.queries import conversation_of, is_secret
from makegood.kit.errors import Refused
from makegood.kit.ids import digest
from makegood.ledger.actions import record
from makegood.ledger.actors import System

FORMER_LASTS = timedelta(minutes=10)


def renew_secret(visitor: Visitor, following: str, *, instead_of: str) -> None:
    """Another secret from now on; the one before still opens for some minutes.

    Only the newest may be replaced: whoever found one that was given up cannot take the chat.
    """
    try:
        with transaction.atomic():
            row = Visitor.objects.select_for_update().get(pk=visitor.pk)
            if row.secret_hash == digest(following):
                return
            if row.secret_hash != digest(instead_of):
                raise Refused(_("This browser was given another key meanwhile."))
            row.former_hash, row.former_until = row.secret_hash, timezone.now() + FORMER_LASTS
            row.secret_hash, row.former_used_at = digest(following), None
            row.save(update_fields=["secret_hash", "former_hash", "former_until", "former_used_at"])
    except IntegrityError as error:
        raise Refused(_("This browser was given another key meanwhile.")) from error


def notice_old_secret(inbox: Inbox, secret: str) -> None:
    """Tell, once, that somebody has a secret that its browser gave up; it opens nothing."""
    now = timezone.now()
    if not is_secret(secret):
        return
    old = Visitor.objects.filter(
        inbox=inbox, former_hash=digest(secret), former_until__lte=now, former_used_at=None
    )
    visitor = old.select_related("handle__customer").first()
    if visitor is None:
        return
    with transaction.atomic():
        if Visitor.objects.filter(pk=visitor.pk, former_used_at=None).update(former_used_at=now):
            place = conversation_of(visitor)
            about = [visitor.handle.customer, *([place, place.inbox] if place else [])]
            record(OldSecretUsed(), about=about, by=System("chat"))
