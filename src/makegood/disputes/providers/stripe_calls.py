"""What Stripe is asked, and what it answers. Only what has to be done goes with a key."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from makegood.disputes.providers.reading import within, word
from makegood.disputes.providers.stripe_reads import number_in, read_dispute
from makegood.disputes.seen import DisputeSeen
from makegood.kit.errors import Refused
from makegood.shop.connectors.asking import Answer, Question, address, ask
from makegood.shop.connectors.interface import Link

HOME = "https://api.stripe.com"
VERSION = "2024-06-20"
"""Of Stripe's interface: what we read is read as of then, whatever the account's own is."""
PAGE = 100
MOST_PAGES = 10
BACK = timedelta(days=120)


def may_ask(link: Link) -> bool:
    return bool(link.secrets.get("key"))


def disputes_since(link: Link, now: datetime) -> Sequence[DisputeSeen]:
    """Every dispute of the last months, as it stands now."""
    found: list[DisputeSeen] = []
    since, last = str(int((now - BACK).timestamp())), ""
    for _page in range(MOST_PAGES):
        query = {"limit": str(PAGE), "created[gte]": since, "starting_after": last or None}
        said = _ask(link, "GET", "disputes", query=query).said
        rows = within(said, "data")
        rows = [one for one in rows if isinstance(one, dict)] if isinstance(rows, list) else []
        for one in rows:
            try:
                found.append(read_dispute(one, now))
            except Refused:
                continue  # one that cannot be read holds up no other
        last = word(within(rows[-1], "id")) if rows else ""
        if within(said, "has_more") is not True or not last:
            break
    return found


def dispute_now(link: Link, external_id: str, now: datetime) -> DisputeSeen | None:
    answer = _ask(link, "GET", "disputes", external_id)
    is_one = answer.is_there and isinstance(answer.said, dict)
    return read_dispute(answer.said, now) if is_one else None


def number_of(link: Link, charge: str) -> tuple[str, str]:
    """The order's number beside a payment, and the payer's e-mail."""
    said = _ask(link, "GET", "charges", charge).said
    email = within(said, "billing_details", "email") or within(said, "receipt_email")
    return number_in(within(said, "metadata")), word(email, 320)


def answer_dispute(
    link: Link, external_id: str, evidence: Mapping[str, str], key: str, now: datetime
) -> DisputeSeen:
    """Send the evidence to the bank. The same key counts once with Stripe, for a day."""
    fields = {f"evidence[{name}]": text for name, text in evidence.items()}
    fields["submit"] = "true"
    answer = _ask(link, "POST", "disputes", external_id, fields=fields, key=key)
    if not answer.is_there or not isinstance(answer.said, dict):
        raise Refused(word(within(answer.said, "error", "message"), 200) or str(answer.status))
    return read_dispute(answer.said, now)


def has_evidence(link: Link, external_id: str) -> bool:
    """Whether evidence was sent to the bank already."""
    said = _ask(link, "GET", "disputes", external_id).said
    count = within(said, "evidence_details", "submission_count")
    return isinstance(count, int) and count > 0


def _ask(
    link: Link,
    method: str,
    *parts: str,
    query: Mapping[str, str | None] | None = None,
    fields: Mapping[str, str] | None = None,
    key: str = "",
) -> Answer:
    headers: dict[str, Any] = {
        "Authorization": f"Bearer {link.secrets.get('key', '')}", "Stripe-Version": VERSION,
    }  # fmt: skip
    if key:
        headers["Idempotency-Key"] = key
    if fields:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    url = address(link.base_url or HOME, "v1", *parts, **(query or {}))
    raw = urlencode(fields).encode() if fields else b""
    question = Question(method=method, url=url, headers=headers, raw=raw, does=method == "POST")
    return ask(question)
