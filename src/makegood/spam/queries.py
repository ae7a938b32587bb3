from django.db.models import BigAutoField

from makegood.customers.models import Handle
from makegood.kit.compiled import Compiled
from makegood.spam.models import SpamSender


def is_spam_sender(handle: Handle) -> bool:
    """Whether what comes from this address is taken for spam."""
    return bool(_LISTED.all(handle.pk))


_LISTED: Compiled[tuple[int]] = Compiled(
    lambda handle: SpamSender.objects.filter(handle=handle, lifted_at=None).values_list("pk")[:1],
    BigAutoField(),
)
