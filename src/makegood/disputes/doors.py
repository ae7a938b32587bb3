"""Stripe and PayPal at the door where shops tell: what they sign is checked, then read."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from cryptography import x509
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.disputes.actions import take_told
from makegood.disputes.models import Dispute
from makegood.disputes.packet import knows_terms
from makegood.disputes.providers import (
    paypal_calls,
    paypal_reads,
    paypal_signs,
    stripe_calls,
    stripe_reads,
    stripe_signs,
)
from makegood.disputes.seen import Told
from makegood.kit.egress import fetch, trusted_roots
from makegood.kit.errors import Refused
from makegood.ledger.actors import System
from makegood.shop.connecting import link_of
from makegood.shop.connectors.interface import Field, Head, Link, NotGenuine, Probed
from makegood.shop.doors import register
from makegood.shop.models import Connection, Signal

TERMS = Field(
    name="terms",
    label=gettext_lazy("Address of your terms"),
    is_optional=True,
    example="https://lantern.example/terms",
    help=gettext_lazy("Goes with the evidence where terms are asked for."),
)
_FORGED = gettext_lazy("This was not signed by whom it says it is from.")


class Stripe:
    """Signs each call with a secret of the endpoint, shown once where it is set up."""

    label = "Stripe"
    headers: Sequence[str] = ("stripe-signature",)
    makes_signing = False
    signing_says = gettext_lazy(
        "In Stripe under Developers, Webhooks: add this address as an endpoint, with the events "
        "charge.dispute.created, charge.dispute.updated, charge.dispute.closed, "
        "charge.dispute.funds_withdrawn, charge.dispute.funds_reinstated, charge.refunded and "
        "refund.updated."
    )
    fields: Sequence[Field] = (
        Field(
            name="signing", label=gettext_lazy("Signing secret"), is_secret=True,
            example="whsec_…",
            help=gettext_lazy(
                "Of the endpoint. While you change it: the old and the new, with a blank between."
            ),
        ),
        Field(
            name="key", label=gettext_lazy("Restricted key"), is_secret=True, is_optional=True,
            example="rk_live_…",
            help=gettext_lazy(
                "Disputes: write; charges: read. Without it nothing is asked and nothing sent: "
                "disputes come by signals alone, and the evidence goes by hand."
            ),
        ),
        TERMS,
    )  # fmt: skip

    def probe(self, link: Link) -> Probed:
        if not stripe_calls.may_ask(link):
            return Probed(shop_name=link.shop_name, missing=(_only_hears(),))
        stripe_calls.disputes_since(link, timezone.now())
        return Probed(shop_name=link.shop_name, has=(_("Read disputes"),))

    def verify(self, link: Link, raw: bytes, headers: Mapping[str, str]) -> Head:
        said = {name.lower(): value for name, value in headers.items()}.get("stripe-signature", "")
        secrets = [
            one
            for name in ("signing", "signing_before")
            for one in stripe_signs.secrets_in(link.secrets.get(name, ""))
        ]
        if not stripe_signs.is_genuine(raw, said, secrets, timezone.now().timestamp()):
            raise NotGenuine(_FORGED)
        return _head(stripe_reads.head_of, raw)

    def take(self, connection: Connection, signal: Signal) -> bool:
        return _take(connection, stripe_reads.read_event(bytes(signal.raw)))


class PayPal:
    """Signs with a certificate, which is fetched from PayPal alone and kept for a day."""

    label = "PayPal"
    headers: Sequence[str] = (
        "paypal-transmission-id", "paypal-transmission-time", "paypal-transmission-sig",
        "paypal-cert-url", "paypal-auth-algo",
    )  # fmt: skip
    makes_signing = False
    signing_says = gettext_lazy(
        "In PayPal’s developer dashboard, at your app under Webhooks: add this address, with the "
        "events Customer dispute created, updated and resolved, and Payment capture refunded."
    )
    fields: Sequence[Field] = (
        Field(
            name="webhook", label=gettext_lazy("Webhook ID"), example="5GP028458E2496506",
            help=gettext_lazy("Stands beside the address once it is added there."),
        ),
        Field(name="client", label=gettext_lazy("Client ID of your app"), is_optional=True),
        Field(
            name="secret", label=gettext_lazy("Secret of your app"), is_secret=True,
            is_optional=True,
            help=gettext_lazy("With both, disputes that no signal told of are found, too."),
        ),
        Field(
            name="sandbox", label=gettext_lazy("Sandbox"), is_optional=True, example="yes",
            help=gettext_lazy("“yes” while you try it with PayPal’s sandbox."),
        ),
        TERMS,
    )  # fmt: skip

    def __init__(
        self,
        certificates: "Certificates | None" = None,
        roots: Callable[[], Sequence[x509.Certificate]] | None = None,
    ) -> None:
        self._certificates = certificates or Certificates()
        self._roots = roots or _roots

    def probe(self, link: Link) -> Probed:
        if not paypal_calls.may_ask(link):
            return Probed(shop_name=link.shop_name, missing=(_only_hears(),))
        paypal_calls.token_of(link)
        return Probed(shop_name=link.shop_name, has=(_("Read disputes"),))

    def verify(self, link: Link, raw: bytes, headers: Mapping[str, str]) -> Head:
        sent, now = paypal_signs.transmission_in(headers), timezone.now()
        webhook = str(link.settings.get("webhook") or link.secrets.get("webhook") or "").strip()
        if sent is None or not webhook:
            raise NotGenuine(_FORGED)
        pem = self._certificates.at(sent.cert_url)
        leaf = paypal_signs.trusted(pem, sent.cert_url, self._roots(), now)
        if leaf is None or not paypal_signs.is_genuine(sent, webhook, raw, leaf, now):
            raise NotGenuine(_FORGED)
        return _head(paypal_reads.head_of, raw)

    def take(self, connection: Connection, signal: Signal) -> bool:
        return _take(connection, paypal_reads.read_event(bytes(signal.raw)))


class Certificates:
    """PayPal's certificates by their addresses, each fetched once a day by a process."""

    LASTS = timedelta(days=1)
    MOST = 16

    def __init__(self, get: Callable[[str], bytes] | None = None) -> None:
        self._get = get or (lambda url: fetch(url).content)
        self._kept: dict[str, tuple[float, bytes]] = {}

    def at(self, url: str) -> bytes:
        """Raises `NotGenuine` where the address is not PayPal's: it is not even asked."""
        if not paypal_signs.is_paypals(url):
            raise NotGenuine(_FORGED)
        now = timezone.now().timestamp()
        kept = self._kept.get(url)
        if kept is not None and now - kept[0] < self.LASTS.total_seconds():
            return kept[1]
        found = self._get(url)
        if len(self._kept) >= self.MOST:
            self._kept.clear()
        self._kept[url] = (now, found)
        return found


def _roots() -> Sequence[x509.Certificate]:
    return [x509.load_der_x509_certificate(one) for one in trusted_roots()]


def _only_hears() -> str:
    return str(_("Only signals are heard: nothing is asked, and evidence goes by hand."))


def _head(read: Callable[[bytes], tuple[str, str, datetime | None]], raw: bytes) -> Head:
    try:
        event_id, topic, at = read(raw)
    except Refused as refused:
        raise NotGenuine(str(refused)) from refused
    if not event_id:
        raise NotGenuine(_("It has no number of its own."))
    return Head(event_id=event_id, topic=topic, happened_at=at)


def _take(connection: Connection, told: Sequence[Told]) -> bool:
    take_told(told, by=System(connection.kind), connection=connection)
    return bool(told)


@knows_terms
def terms_of(dispute: Dispute) -> str:
    """Where the shop's terms are published, as it was said when the provider was connected."""
    way = dispute.connection
    said = link_of(way).settings.get("terms", "") if way is not None else ""
    return str(said) if str(said).startswith(("https://", "http://")) else ""


register("stripe", Stripe())
register("paypal", PayPal())
