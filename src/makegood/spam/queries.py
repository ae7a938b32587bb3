from makegood.customers.models import Handle
from makegood.spam.models import SpamSender


def is_spam_sender(handle: Handle) -> bool:
    """Whether what comes from this address is taken for spam."""
    return SpamSender.objects.filter(handle=handle, lifted_at=None).exists()
