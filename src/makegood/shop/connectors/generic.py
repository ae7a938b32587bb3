"""A shop that speaks our own words: signed signals come, pages are asked for, errands go out.

For shops of one's own making, and for every platform that we do not know. What is sent and
answered is told in `docs/connectors/generic.md`.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.kit.errors import Refused
from makegood.shop.connectors import standard
from makegood.shop.connectors.asking import Answer, Question, address, ask
from makegood.shop.connectors.interface import (
    Ability,
    Ask,
    Declined,
    Done,
    Field,
    Head,
    Link,
    Probed,
    Pulled,
    Unsure,
    Wanted,
)
from makegood.shop.connectors.shapes import read, schema
from makegood.shop.seen import OrderSeen, Seen
from makegood.shop.seen_goods import CartSeen, CouponSeen, GoneSeen, ProductSeen, StockSeen

KINDS: Mapping[str, type[Seen]] = {
    "order": OrderSeen, "product": ProductSeen, "stock": StockSeen, "coupon": CouponSeen,
    "cart": CartSeen, "gone": GoneSeen,
}  # fmt: skip
"""What can be told, and by which word."""
PAGE = "100"


class Generic:
    """Signed JSON in, pages and errands by plain addresses below the shop's own."""

    kind = "generic"
    label = gettext_lazy("Any other shop, by signed webhooks")
    cancel_refunds = False
    abilities = frozenset(Ability)
    brings = ("order", "product", "coupon")
    headers = standard.HEADERS
    makes_signing = True
    signing_says = gettext_lazy(
        "Have your shop post what happened to this address, signed with this secret."
    )
    fields = (
        Field(
            name="base_url", label=gettext_lazy("Address"), is_optional=True,
            example="https://shop.example.com/makegood",
            help=gettext_lazy(
                "Below it your shop answers. Empty: it only sends, and is not asked."
            ),
        ),
        Field(
            name="token", label=gettext_lazy("Token"), is_secret=True, is_optional=True,
            help=gettext_lazy("Goes with every question of ours, as Authorization: Bearer."),
        ),
        Field(
            name="abilities", label=gettext_lazy("What it can be asked to do"), is_optional=True,
            example="refund cancel coupon",
            help=gettext_lazy(
                "Words with blanks between, of: refund cancel address resend replacement"
                " return_label coupon."
            ),
        ),
    )  # fmt: skip

    def probe(self, link: Link) -> Probed:
        if not link.base_url:
            return Probed(
                shop_name=link.shop_name, missing=(_("It only sends: nothing is asked."),)
            )
        answer = self._ask(link, "GET", address(link.base_url, "shop"))
        if not answer.is_there or not isinstance(answer.said, dict):
            raise Declined(_("GET /shop does not answer with a shop."))
        said = answer.said
        can = [str(one) for one in said.get("abilities", [])]
        return Probed(
            shop_name=str(said.get("name", ""))[:80], currency=str(said.get("currency", ""))[:3],
            time_zone=str(said.get("time_zone", ""))[:64],
            has=tuple(one for one in Ability if one.value in can),
            missing=tuple(one for one in Ability if one.value not in can),
        )  # fmt: skip

    def verify(self, link: Link, raw: bytes, headers: Mapping[str, str]) -> Head:
        keys = [link.secrets.get(name, "") for name in ("signing", "signing_before")]
        event_id, at = standard.verified([key for key in keys if key], raw, headers)
        try:
            said = json.loads(raw)
            topic = said["type"] if isinstance(said["type"], str) else ""
        except (ValueError, KeyError, TypeError, RecursionError):
            topic = ""  # genuine, and unreadable: kept with its trouble
        return Head(event_id=event_id, topic=topic, happened_at=at)

    def read(self, link: Link, topic: str, raw: bytes) -> Sequence[Seen | Ask] | None:
        try:
            said = json.loads(raw)
        except (ValueError, RecursionError) as error:
            raise Refused(_("It is no JSON.")) from error
        if not isinstance(said, dict) or set(said) != {"type", "data"}:
            raise Refused(_("It has to be an object of “type” and “data”."))
        kind = KINDS.get(topic)
        return None if kind is None else [read(kind, said["data"], topic)]

    def page(self, link: Link, what: str, cursor: str, since: datetime | None) -> Pulled:
        self._refuse_silence(link)
        begin = since.isoformat() if since else None
        url = address(link.base_url, f"{what}s", limit=PAGE, cursor=cursor or None, since=begin)
        answer = self._ask(link, "GET", url)
        if not answer.is_there and what != "order":
            return Pulled(seen=())  # it answers for its orders alone
        said = answer.said
        if not isinstance(said, dict) or not isinstance(said.get("items"), list):
            raise Refused(_("A page has to be an object of “items” and “next”."))
        seen, troubles = list[Seen](), []
        for n, one in enumerate(said["items"]):
            try:
                seen.append(read(KINDS[what], one, f"items[{n}]"))
            except Refused as refused:
                troubles.append(str(refused))
        return Pulled(seen=seen, next=str(said.get("next") or ""), troubles=troubles)

    def fetch(self, link: Link, what: str, external_id: str) -> Seen | None:
        self._refuse_silence(link)
        answer = self._ask(link, "GET", address(link.base_url, f"{what}s", external_id))
        return read(KINDS[what], answer.said, what) if answer.is_there else None

    def do(self, link: Link, wanted: Wanted, key: str) -> Done:
        self._refuse_silence(link)
        raw = json.dumps(told(wanted)).encode()
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        if signing := link.secrets.get("signing", ""):
            headers |= standard.signed(signing, key, timezone.now(), raw)
        answer = self._ask(link, "POST", address(link.base_url, "errands"), raw, headers)
        return self._done(answer)

    def look(self, link: Link, wanted: Wanted, key: str) -> Done | None:
        self._refuse_silence(link)
        answer = self._ask(link, "GET", address(link.base_url, "errands", key))
        return self._done(answer) if answer.is_there else None

    def _done(self, answer: Answer) -> Done:
        said = answer.said
        if not answer.is_there:
            raise Declined(_("The shop has no place for errands."))
        if not isinstance(said, dict) or not isinstance(said.get("id"), str | int):
            raise Unsure(_("The shop answers without a number of its own."))
        told = said.get("facts")
        facts = told if isinstance(told, dict) else {}
        return Done(
            external_id=str(said["id"])[:120], words=str(said.get("words", ""))[:250],
            facts={str(name): str(value)[:500] for name, value in facts.items()},
        )  # fmt: skip

    def _refuse_silence(self, link: Link) -> None:
        if not link.base_url:
            raise Declined(_("This shop only sends: it has no address that we could ask."))

    def _ask(
        self, link: Link, method: str, url: str, raw: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:  # fmt: skip
        token = link.secrets.get("token", "")
        rights = {"Authorization": f"Bearer {token}"} if token else {}
        does = method != "GET"
        more = dict(headers or {})
        return ask(Question(method=method, url=url, headers=rights | more, raw=raw, does=does))


def told(wanted: Wanted) -> dict[str, Any]:
    """An errand as it is posted: only what belongs to it."""
    said: dict[str, Any] = {
        "do": wanted.what.value, "order": wanted.order_id, "amount_minor": wanted.amount_minor,
        "currency": wanted.currency,
        "lines": [{"id": line, "quantity": count} for line, count in wanted.lines],
        "code": wanted.code, "percent": wanted.percent, "least_minor": wanted.least_minor,
        "valid_until": wanted.valid_until.isoformat() if wanted.valid_until else "",
        "email": wanted.email, "address": dict(wanted.address), "reason": wanted.reason,
        "notify": wanted.notify,
    }  # fmt: skip
    return {name: value for name, value in said.items() if value not in ("", 0, [], {})}


def schema_of_signals() -> str:
    """What a signal may say, as JSON Schema: `docs/connectors/generic.schema.json`."""
    told = [
        {"type": "object", "additionalProperties": False, "required": ["type", "data"],
         "properties": {"type": {"const": word}, "data": schema(kind)}}
        for word, kind in KINDS.items()
    ]  # fmt: skip
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A signal"}
    return json.dumps({**head, "oneOf": told}, indent=1) + "\n"
