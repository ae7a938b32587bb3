"""What a server said of an address while we spoke with it, understood as a bounce would be."""

from dataclasses import replace

from makegood.channels.interface import Receipt, ReceiptState

from .causes import cause_of, is_hard
from .dialects import code_in


def refusal_in(said: str) -> Receipt | None:
    """A refusal for good (`550 5.1.1 No such user`); None where it was anything else."""
    if not said.startswith("5"):
        return None
    code = code_in(said)
    receipt = Receipt(
        state=ReceiptState.REFUSED,
        about=(),
        is_permanent=True,
        code=code,
        reason=said[:500],
        cause=cause_of(said, code),
    )
    return replace(receipt, is_hard=bool(receipt.cause) and is_hard(receipt))
