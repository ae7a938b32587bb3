"""Signals as the providers' own documentation shows them, with values of our own."""

import base64
import json
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from makegood.disputes.providers.stripe_signs import sign

NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)
SECRET = "whsec_of_the_lantern"  # of a test
WEBHOOK = "5GP028458E2496506"
CERT_URL = "https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-ab66f33d"


def stripe_dispute(**more: Any) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": "du_1Lantern", "object": "dispute", "amount": 8400, "balance_transactions": [],
        "charge": "ch_1Lantern", "created": int(NOW.timestamp()), "currency": "eur",
        "evidence": {"customer_email_address": "Ida@Example.com", "customer_name": "Ida Berg",
                     "product_description": None},
        "evidence_details": {"due_by": int((NOW + timedelta(days=9)).timestamp()),
                             "has_evidence": False, "past_due": False, "submission_count": 0},
        "is_charge_refundable": True, "livemode": True, "metadata": {},
        "payment_intent": "pi_1Lantern",
        "payment_method_details": {"type": "card", "card": {
            "brand": "visa", "case_type": "chargeback", "network_reason_code": "13.1"}},
        "reason": "product_not_received", "status": "needs_response",
    }  # fmt: skip
    return said | more


def stripe_event(topic: str, found: dict[str, Any], *, hours: float = 0, **more: Any) -> bytes:
    at = int((NOW + timedelta(hours=hours)).timestamp())
    event = {
        "id": f"evt_{topic}_{at}", "object": "event", "api_version": "2024-06-20", "created": at,
        "data": {"object": found}, "livemode": True, "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None}, "type": topic,
    } | more  # fmt: skip
    return json.dumps(event, indent=2).encode()


def moved(fee: int, amount: int = -8400) -> dict[str, Any]:
    return {
        "id": f"txn_{fee}_{amount}", "object": "balance_transaction", "amount": amount,
        "currency": "eur", "fee": fee, "net": amount - fee, "type": "adjustment",
    }  # fmt: skip


def stripe_headers(raw: bytes, at: datetime = NOW, *secrets: str) -> dict[str, str]:
    second = int(at.timestamp())
    signed = ",".join(f"v1={sign(raw, one, second)}" for one in secrets or (SECRET,))
    return {"Stripe-Signature": f"t={second},{signed},v0=00ff"}


def paypal_dispute(**more: Any) -> dict[str, Any]:
    at = NOW.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    said: dict[str, Any] = {
        "dispute_id": "PP-D-4012", "create_time": at, "update_time": at,
        "disputed_transactions": [{
            "seller_transaction_id": "3BC38643YC807283D", "invoice_number": "1001",
            "buyer": {"name": "Ida Berg"}, "seller": {"merchant_id": "RD465XN5VS364"},
            "gross_amount": {"currency_code": "EUR", "value": "84.00"},
        }],
        "reason": "MERCHANDISE_OR_SERVICE_NOT_RECEIVED",
        "status": "WAITING_FOR_SELLER_RESPONSE",
        "dispute_amount": {"currency_code": "EUR", "value": "84.00"},
        "dispute_life_cycle_stage": "CHARGEBACK", "dispute_channel": "INTERNAL",
        "seller_response_due_date": "2026-03-14T06:59:59.000Z",
    }  # fmt: skip
    return said | more


def paypal_event(topic: str, found: dict[str, Any], kind: str = "dispute") -> bytes:
    event = {
        "id": f"WH-{topic}", "event_version": "1.0", "create_time": "2026-03-04T10:00:01.000Z",
        "resource_type": kind, "event_type": topic, "summary": "A case", "resource": found,
    }  # fmt: skip
    return json.dumps(event).encode()


def paypal_refund(**more: Any) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": "1JU08902781691411", "amount": {"value": "20.00", "currency_code": "EUR"},
        "status": "COMPLETED", "create_time": "2026-03-04T09:00:00Z",
        "update_time": "2026-03-04T09:00:00Z",
        "links": [
            {"rel": "self", "href": "https://api.paypal.com/v2/payments/refunds/1JU08902781691411"},
            {"rel": "up", "href": "https://api.paypal.com/v2/payments/captures/3BC38643YC807283D"},
        ],
    }  # fmt: skip
    return said | more


class Authority:
    """Somebody who makes certificates out: PayPal's, or whoever claims to be."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test Root")])
        ids = x509.SubjectKeyIdentifier.from_public_key(self.key.public_key())
        self.root = (
            _built(name, name, self.key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .add_extension(ids, critical=False)
            .sign(self.key, hashes.SHA256())
        )

    def made_out(self, host: str) -> tuple[bytes, rsa.RSAPrivateKey]:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        beside = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        leaf = (
            _built(name, self.root.subject, key)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(beside, critical=False)
            .sign(self.key, hashes.SHA256())
        )
        return leaf.public_bytes(serialization.Encoding.PEM), key


def _built(subject: x509.Name, issuer: x509.Name, key: Any) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=30))
        .not_valid_after(NOW + timedelta(days=300))
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=signs_certificates,
        crl_sign=signs_certificates, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def paypal_headers(raw: bytes, key: rsa.RSAPrivateKey, webhook: str = WEBHOOK) -> Mapping[str, str]:
    time = NOW.strftime("%Y-%m-%dT%H:%M:%SZ")
    text = f"69cd13f0-d67a-11e5-baa3|{time}|{webhook}|{zlib.crc32(raw)}".encode()
    signature = key.sign(text, padding.PKCS1v15(), hashes.SHA256())
    return {
        "Paypal-Transmission-Id": "69cd13f0-d67a-11e5-baa3",
        "Paypal-Transmission-Time": time,
        "Paypal-Transmission-Sig": base64.b64encode(signature).decode(),
        "Paypal-Cert-Url": CERT_URL,
        "Paypal-Auth-Algo": "SHA256withRSA",
    }
