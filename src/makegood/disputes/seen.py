"""What a payment provider says of a dispute or a refund, in our words: every reader makes this."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime

from makegood.disputes.models import Dispute, ProviderRefund

State = Dispute.State
_RANKS: dict[str, int] = {
    State.NEEDS_ANSWER: 0, State.ANSWERED: 1, State.WITHDRAWN: 2, State.ACCEPTED: 2,
    State.LOST: 3, State.WON: 3,
    ProviderRefund.State.PENDING: 0, ProviderRefund.State.DONE: 1, ProviderRefund.State.FAILED: 2,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class DisputeSeen:
    """One dispute as its provider tells it at a moment."""

    provider: str
    external_id: str
    told_at: datetime
    opened_at: datetime
    amount_minor: int
    currency: str
    reason: str
    reason_word: str
    stage: str
    state: str
    status_word: str
    due_at: datetime | None = None
    charge: str = ""
    intent: str = ""
    order_number: str = ""
    email: str = ""
    name: str = ""
    fee_minor: int = 0
    fee_currency: str = ""
    network_code: str = ""
    is_test: bool = False
    movements: int = 0
    """How often money moved for it so far: it only grows."""

    def digest(self) -> str:
        says = {name: value for name, value in asdict(self).items() if name != "told_at"}
        return hashlib.sha256(json.dumps(says, sort_keys=True, default=str).encode()).hexdigest()

    @property
    def rank(self) -> int:
        """Of what was said in the same second: the farther along, the later."""
        return 10 * _RANKS[self.state] + min(self.movements, 9)


@dataclass(frozen=True, kw_only=True)
class RefundTold:
    """Money that a provider gave back."""

    provider: str
    external_id: str
    told_at: datetime
    at: datetime
    amount_minor: int
    currency: str
    state: str
    charge: str = ""
    intent: str = ""
    reference: str = ""

    @property
    def rank(self) -> int:
        return _RANKS[self.state]


Told = DisputeSeen | RefundTold
