"""What a test message that came back proves: who signed it, and whether that fits its sender."""

from typing import Any

from makegood.channels.email.channel import Email
from makegood.channels.queries import raw_bytes
from makegood.watch.models import Probe


def what_it_proved(probe: Probe) -> dict[str, Any]:
    """Signatures, selectors and alignment; never empty, so that it is looked at once."""
    arrival = probe.arrival
    if arrival is None or probe.way == Probe.Way.FORM:
        return {"known": False}
    domain = probe.inbox.address.rpartition("@")[2]
    found = Email().proofs(raw_bytes(arrival), arrival.envelope, domain, probe.inbox.settings)
    return {"known": found is not None, **(found or {})}
