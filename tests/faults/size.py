"""How much is tried: the fast part by itself, everything with `bin/test faults --full`."""

import os

IS_FULL = os.environ.get("MAKEGOOD_FAULTS") == "full"


def of(fast: int, full: int) -> int:
    """The one number or the other."""
    return full if IS_FULL else fast
