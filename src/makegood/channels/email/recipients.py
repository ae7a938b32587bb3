"""Which inbox an address leads to: its own, a sub-address of it, or a reply domain."""

import time

from makegood.channels.email.addresses import canonical
from makegood.channels.models import Inbox

FRESH_SECONDS = 2.0


class AddressBook:
    """The addresses of our mailboxes, read again when older than a moment."""

    def __init__(self) -> None:
        self._read_at = -FRESH_SECONDS
        self._addresses: dict[str, int] = {}
        self._domains: dict[str, int] = {}

    def inbox_of(self, recipient: str) -> int | None:
        """The inbox that takes mail to this address; None where none does."""
        if time.monotonic() - self._read_at > FRESH_SECONDS:
            self._read()
        address = canonical(recipient)
        local, _, domain = address.rpartition("@")
        bare = f"{local.partition('+')[0]}@{domain}"
        for known in (address, bare):
            if known in self._addresses:
                return self._addresses[known]
        return self._domains.get(domain) if address else None

    def _read(self) -> None:
        self._addresses, self._domains = {}, {}
        for inbox in Inbox.objects.filter(kind="email").order_by("pk"):
            for address in [inbox.address, *inbox.settings.get("aliases", ())]:
                if known := canonical(str(address)):
                    self._addresses.setdefault(known, inbox.pk)
            if domain := str(inbox.settings.get("reply_domain") or "").lower():
                self._domains.setdefault(domain, inbox.pk)
        self._read_at = time.monotonic()
