from makegood.customers.actions import canonical_address
from makegood.customers.models import Handle


def handle_at(kind: str, address: str) -> Handle | None:
    """The handle for an address that we know already."""
    return (
        Handle.objects.select_related("customer")
        .filter(kind=kind, address=canonical_address(kind, address))
        .first()
    )
