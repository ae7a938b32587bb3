"""Mails signed by OpenPGP: read like any other, and told what the signature is worth."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pysequoia import SignatureMode, Tsk, sign

from makegood.channels.email.channel import Email
from makegood.channels.email.known_keys import (
    add_known_keys,
    describe_known_keys,
    forget_known_key,
    known_keys,
)
from makegood.channels.email.reading import read
from makegood.channels.email.troubles import BROKEN_SIGNATURE
from makegood.kit.errors import Refused

SAMPLES = Path(__file__).with_name("samples")
HEAD = b"From: Ida <ida@customer.test>\nTo: support@lantern.test\nSubject: My lamp\n"
PART = b"Content-Type: text/plain; charset=utf-8\r\n\r\nWhere is my lamp?\r\n"
IDA = Tsk.generate("Ida Berg <ida@customer.test>")
BO = Tsk.generate("Bo <bo@customer.test>")


def armoured(*keys):
    return [str(key.extract_certificate()) for key in keys]


def signed(key=IDA, *, part=PART, over=None):
    """A mail by RFC 3156; `over` is what was signed, where that is not what is sent."""
    signature = sign(key.signer(), over or part, mode=SignatureMode.DETACHED)
    kind = b'multipart/signed; protocol="application/pgp-signature"; boundary=s'
    pieces = [b"Content-Type: " + kind, b"", b"--s", part.replace(b"\r\n", b"\n")]
    pieces += [b"--s", b"Content-Type: application/pgp-signature", b"", signature, b"--s--", b""]
    return HEAD + b"\n".join(pieces)


def in_clear(text=b"Where is my lamp?\n- Friday.\n", key=IDA):
    return sign(key.signer(), text, mode=SignatureMode.CLEAR)


def verdict(raw, *known, **envelope):
    incoming = read(raw, {"keys": armoured(*known), **envelope})
    assert incoming.facts["signed"] == "PGP"
    return incoming.facts.get("signature"), incoming.facts.get("signed_by", "")


def test_a_signature_by_a_known_key_holds():
    assert verdict(signed(), BO, IDA) == ("holds", "ida@customer.test")


def test_a_text_signed_in_clear_holds_and_shows_its_words():
    incoming = read(HEAD + b"\n" + in_clear(), {"keys": armoured(IDA)})
    assert incoming.facts["signature"] == "holds"
    assert incoming.text == "Where is my lamp?\n- Friday."
    assert [part.name for part in incoming.parts] == ["signature.asc"]


@pytest.mark.parametrize("name", ["signed_by_gnupg", "signed_in_clear_by_gnupg"])
def test_what_gnupg_signed_holds_and_breaks_with_any_other_word(name):
    raw = (SAMPLES / f"{name}.eml").read_bytes()
    keys = {"keys": [(SAMPLES / "ida.asc").read_text()]}
    assert read(raw, keys).facts["signature"] == "holds"
    forged = read(raw.replace(b"my lamp?", b"my loan?"), keys)
    assert forged.facts["signature"] == "broken"
    assert forged.troubles == [BROKEN_SIGNATURE]
    assert "my loan?" in forged.text


def test_a_key_that_nobody_knows_is_called_so():
    assert verdict(signed(), BO) == ("unknown key", "")
    assert verdict(signed()) == ("unknown key", "")


def test_a_known_key_of_somebody_else_is_called_so():
    assert verdict(signed(BO), IDA, BO) == ("other sender", "bo@customer.test")


def test_a_key_that_has_run_out_is_called_so():
    brief = Tsk.generate("ida@customer.test", validity_seconds=3600)
    later = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    assert verdict(signed(brief), brief) == ("holds", "ida@customer.test")
    assert verdict(signed(brief), brief, received_at=later) == ("expired key", "ida@customer.test")


def test_words_that_were_changed_break_the_signature():
    assert verdict(signed(over=PART.replace(b"lamp", b"tram")), IDA)[0] == "broken"


@pytest.mark.parametrize(
    "body",
    [
        b"Send money first.\n" + in_clear(),
        in_clear() + b"\nSend money as well.\n",
        in_clear() + b"\n" + in_clear(b"Twice.\n"),
        in_clear().replace(b"\n\n", b"\nComment: send money\n\n", 1),
    ],
    ids=["above", "below", "two", "head"],
)
def test_words_beside_the_signed_ones_leave_it_unjudged(body):
    assert verdict(HEAD + b"\n" + body, IDA) == (None, "")


def test_a_signature_over_a_part_says_nothing_of_the_rest():
    inner = signed()[len(HEAD) :]
    raw = HEAD + b"Content-Type: multipart/mixed; boundary=o\n\n--o\n\nSend money.\n--o\n" + inner
    assert verdict(raw + b"\n--o--\n", IDA) == (None, "")


def test_a_damaged_signature_is_read_all_the_same():
    raw = signed()
    begun = raw.index(b"-----BEGIN PGP SIGNATURE")
    for at in range(begun, len(raw) - 10, 13):
        incoming = read(raw[:at] + b"\n--s--\n", {"keys": armoured(IDA)})
        assert incoming.text == "Where is my lamp?"
        assert incoming.facts.get("signature") in (None, "not checked", "broken", "unknown key")


def test_the_shop_knows_keys_and_forgets_them(settings, tmp_path):
    settings.DATA = tmp_path
    certificate = IDA.extract_certificate()
    for given in (str(certificate).encode(), bytes(certificate)):
        assert add_known_keys(given) == ["Ida Berg <ida@customer.test>"]
    assert verdict(signed(), IDA)[0] == "holds"
    assert read(signed(), {"keys": known_keys()}).facts["signature"] == "holds"
    (key,) = describe_known_keys()
    assert (key.kind, key.addresses, key.is_authority) == ("PGP", ["ida@customer.test"], False)
    assert key.fingerprint == certificate.fingerprint
    assert forget_known_key(key.name) == key
    assert read(signed(), {"keys": known_keys()}).facts["signature"] == "unknown key"
    with pytest.raises(Refused, match="not known"):
        forget_known_key("../secret.key")


def test_a_private_key_is_not_taken(settings, tmp_path):
    settings.DATA = tmp_path
    with pytest.raises(Refused, match="private key"):
        add_known_keys(str(IDA).encode())
    for junk in (b"", b"junk", b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDME\n", b"\xc6\xff" * 99):
        with pytest.raises(Refused, match="no public key"):
            add_known_keys(junk)
    assert known_keys() == []


def test_the_bounded_child_checks_it(settings, tmp_path):
    settings.DATA = tmp_path
    add_known_keys(str(IDA.extract_certificate()).encode())
    assert Email().read(signed(), {}).facts["signature"] == "holds"
