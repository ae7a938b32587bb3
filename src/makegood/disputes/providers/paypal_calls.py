"""What PayPal is asked. It lets us in for a while by a token, for an app's name and secret."""

import base64
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from makegood.disputes.providers.paypal_reads import read_dispute
from makegood.disputes.providers.reading import within, word
from makegood.disputes.seen import DisputeSeen
from makegood.kit.errors import Refused
from makegood.shop.connectors.asking import Answer, Question, address, ask
from makegood.shop.connectors.interface import Declined, Link

HOME = "https://api-m.paypal.com"
SANDBOX = "https://api-m.sandbox.paypal.com"
PAGE = "50"
MOST_ASKED = 60
BACK = timedelta(days=150)


def may_ask(link: Link) -> bool:
    return bool(link.settings.get("client") and link.secrets.get("secret"))


def disputes_since(link: Link, now: datetime) -> Sequence[DisputeSeen]:
    """Every dispute that changed lately, each asked for by itself: the list tells too little."""
    token = token_of(link)
    since = (now - BACK).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    query = {"page_size": PAGE, "update_time_after": since}
    said = _get(link, token, "v1", "customer", "disputes", **query).said
    rows = within(said, "items")
    names = [word(within(one, "dispute_id")) for one in rows] if isinstance(rows, list) else []
    found = [_one(link, token, name, now) for name in names[:MOST_ASKED] if name]
    return [one for one in found if one is not None]


def dispute_now(link: Link, external_id: str, now: datetime) -> DisputeSeen | None:
    return _one(link, token_of(link), external_id, now)


def _one(link: Link, token: str, name: str, now: datetime) -> DisputeSeen | None:
    answer = _get(link, token, "v1", "customer", "disputes", name)
    try:
        is_one = answer.is_there and isinstance(answer.said, dict)
        return read_dispute(answer.said, now) if is_one else None
    except Refused:
        return None  # one that cannot be read holds up no other


def token_of(link: Link) -> str:
    pair = f"{link.settings.get('client', '')}:{link.secrets.get('secret', '')}"
    headers = {
        "Authorization": "Basic " + base64.b64encode(pair.encode()).decode(),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    raw = urlencode({"grant_type": "client_credentials"}).encode()
    url = address(_home(link), "v1", "oauth2", "token")
    said = ask(Question(method="POST", url=url, headers=headers, raw=raw)).said
    token = word(within(said, "access_token"), 4000)
    if not token:
        raise Declined("access_token")
    return token


def _get(link: Link, token: str, *parts: str, **query: Any) -> Answer:
    headers = {"Authorization": f"Bearer {token}"}
    url = address(_home(link), *parts, **query)
    return ask(Question(method="GET", url=url, headers=headers))


def _home(link: Link) -> str:
    return link.base_url or (SANDBOX if link.settings.get("sandbox") == "yes" else HOME)
