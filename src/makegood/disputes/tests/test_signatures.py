from datetime import timedelta

import pytest
from cryptography import x509

from makegood.disputes.providers import paypal_signs, stripe_signs
from makegood.disputes.tests.samples import (
    CERT_URL,
    NOW,
    SECRET,
    WEBHOOK,
    Authority,
    paypal_dispute,
    paypal_event,
    paypal_headers,
    stripe_dispute,
    stripe_event,
    stripe_headers,
)

RAW = stripe_event("charge.dispute.created", stripe_dispute())
AT = NOW.timestamp()


def _holds(raw: bytes, header: str, *secrets: str, now: float = AT) -> bool:
    return stripe_signs.is_genuine(raw, header, secrets, now)


def test_a_vector_reckoned_elsewhere_holds() -> None:
    """`printf '1614556800.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_test`."""
    made = stripe_signs.sign(b'{"id":"evt_1"}', "whsec_test", 1614556800)
    assert made == "e326b9127f526dab808bd39e79a44ab61b0dc0517386b06a7abf563ce203409b"


def test_stripes_signature_holds_for_these_bytes_and_no_others() -> None:
    header = stripe_headers(RAW)["Stripe-Signature"]
    assert _holds(RAW, header, SECRET)
    for place in range(0, len(RAW), 7):
        bent = bytearray(RAW)
        bent[place] ^= 1
        assert not _holds(bytes(bent), header, SECRET)
    assert not _holds(RAW + b" ", header, SECRET)


@pytest.mark.parametrize("secrets", [(), ("",), ("whsec_other",)])
def test_without_its_secret_nothing_is_genuine(secrets: tuple[str, ...]) -> None:
    header = stripe_headers(RAW)["Stripe-Signature"]
    assert not _holds(RAW, header, *[one for one in secrets if one])


def test_an_old_signature_is_a_replay_and_one_of_tomorrow_is_forged() -> None:
    header = stripe_headers(RAW)["Stripe-Signature"]
    assert _holds(RAW, header, SECRET, now=AT + 299)
    assert not _holds(RAW, header, SECRET, now=AT + 301)
    assert not _holds(RAW, header, SECRET, now=AT - 301)


def test_while_a_secret_changes_either_side_may_have_both() -> None:
    both = stripe_headers(RAW, NOW, "whsec_new", SECRET)["Stripe-Signature"]
    assert _holds(RAW, both, SECRET)
    assert _holds(RAW, both, "whsec_new")
    one = stripe_headers(RAW, NOW, "whsec_new")["Stripe-Signature"]
    assert _holds(RAW, one, *stripe_signs.secrets_in(f"{SECRET}\n whsec_new \n"))


@pytest.mark.parametrize(
    "header", ["", "t=1", "v1=00", "t=x,v1=00", "t=1,v1=" + "0" * 9000, "t=,v1=,", "ü=1"]
)
def test_odd_headers_are_refused(header: str) -> None:
    assert not _holds(RAW, header, SECRET)


@pytest.fixture(scope="module")
def paypal() -> Authority:
    return Authority()


def _paypal_holds(raw: bytes, headers: dict[str, str], pem: bytes, authority: Authority) -> bool:
    sent = paypal_signs.transmission_in(headers)
    leaf = sent and paypal_signs.trusted(pem, sent.cert_url, [authority.root], NOW)
    return bool(
        sent and leaf and paypal_signs.is_genuine(sent, WEBHOOK, raw, leaf, NOW)
    )  # fmt: skip


def test_paypals_signature_holds_for_these_bytes_and_no_others(paypal: Authority) -> None:
    raw = paypal_event("CUSTOMER.DISPUTE.CREATED", paypal_dispute())
    pem, key = paypal.made_out("messageverificationcerts.paypal.com")
    headers = dict(paypal_headers(raw, key))
    assert _paypal_holds(raw, headers, pem, paypal)
    for place in range(0, len(raw), 11):
        bent = bytearray(raw)
        bent[place] ^= 1
        assert not _paypal_holds(bytes(bent), headers, pem, paypal)
    for name, value in headers.items():
        letter = "A" if value[5] != "A" else "B"
        bent_headers = headers | {name: value[:5] + letter + value[6:]}
        assert not _paypal_holds(raw, bent_headers, pem, paypal) or name == "Paypal-Cert-Url"
        assert not _paypal_holds(raw, {k: v for k, v in headers.items() if k != name}, pem, paypal)


def test_a_signature_for_another_webhook_or_of_last_week_is_none_of_ours(
    paypal: Authority,
) -> None:
    raw = paypal_event("CUSTOMER.DISPUTE.CREATED", paypal_dispute())
    pem, key = paypal.made_out("messageverificationcerts.paypal.com")
    sent = paypal_signs.transmission_in(paypal_headers(raw, key, "another"))
    leaf = x509.load_pem_x509_certificate(pem)
    assert sent
    assert not paypal_signs.is_genuine(sent, WEBHOOK, raw, leaf, NOW)
    assert paypal_signs.is_genuine(sent, "another", raw, leaf, NOW)
    assert not paypal_signs.is_genuine(sent, "another", raw, leaf, NOW + timedelta(days=5))
    assert not paypal_signs.is_genuine(sent, "", raw, leaf, NOW)


def test_a_certificate_counts_only_made_out_for_paypal_by_somebody_trusted(
    paypal: Authority,
) -> None:
    theirs, _key = paypal.made_out("messageverificationcerts.paypal.com")
    elsewhere, _other = paypal.made_out("paypal.com.lantern.example")
    forged, _forger = Authority().made_out("messageverificationcerts.paypal.com")
    roots = [paypal.root]
    assert paypal_signs.trusted(theirs, CERT_URL, roots, NOW)
    assert not paypal_signs.trusted(elsewhere, CERT_URL, roots, NOW)
    assert not paypal_signs.trusted(forged, CERT_URL, roots, NOW)
    assert not paypal_signs.trusted(theirs, CERT_URL, [], NOW)
    assert not paypal_signs.trusted(theirs, CERT_URL, roots, NOW + timedelta(days=400))
    assert not paypal_signs.trusted(b"nothing", CERT_URL, roots, NOW)
    sandbox = CERT_URL.replace("api.", "api.sandbox.")
    assert not paypal_signs.trusted(theirs, sandbox, roots, NOW)


@pytest.mark.parametrize(
    "url",
    [
        "http://api.paypal.com/v1/notifications/certs/A",
        "https://api.paypal.com.evil.example/v1/notifications/certs/A",
        "https://api.paypal.com@evil.example/v1/notifications/certs/A",
        "https://evil.example/v1/notifications/certs/A",
        "https://api.paypal.com:8443/v1/notifications/certs/A",
        "https://api.paypal.com/v1/notifications/certs/../../x",
        "https://api.paypal.com/v1/notifications/certs/%2e%2e/x",
        "https://api.paypal.com/v1/notifications/certs/A?next=//evil.example",
        "https://api.paypal.com/other/A",
        "https://api.paypal.com:x/v1/notifications/certs/A",
        "https://[::1/v1/notifications/certs/A",
        "",
    ],
)
def test_a_certificate_comes_from_paypal_alone(url: str) -> None:
    assert not paypal_signs.is_paypals(url)
    assert paypal_signs.is_paypals(CERT_URL)
