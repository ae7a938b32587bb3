"""Mails signed by S/MIME: read like any other, and told what the signature is worth."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import ExtendedKeyUsageOID

from makegood.channels.email.channel import Email
from makegood.channels.email.known_keys import add_known_keys
from makegood.channels.email.mime import parse
from makegood.channels.email.reading import read
from makegood.channels.email.troubles import BROKEN_SIGNATURE, ENCRYPTED
from makegood.channels.email.verdict import NoAnswer, judge
from makegood.kit.errors import Refused

WORDS = b"Content-Type: text/plain; charset=utf-8\r\n\r\nWhere is my lamp?\r\n"
HEAD = b"From: Ida <ida@customer.test>\nTo: support@lantern.test\nSubject: My lamp\n"
OPAQUE = (
    b"Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\n"
    b"Content-Transfer-Encoding: base64\n\n"
)
ELLIPTIC = ec.generate_private_key(ec.SECP256R1())


def certificate(
    mail="ida@customer.test",
    *,
    key=ELLIPTIC,
    issuer=None,
    days=400,
    is_ca=False,
    steps=None,
    more=(),
):
    """A certificate for an address; `issuer` is (certificate, key) of whoever vouches."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, mail)])
    by, by_key = (issuer[0].subject, issuer[1]) if issuer else (name, key)
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=500))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.RFC822Name(mail)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=steps), critical=True)
    )
    for each in more:
        made = made.add_extension(each, critical=True)
    return made.sign(by_key, hashes.SHA256())


def signed(of, *, key=ELLIPTIC, opaque=False, content=WORDS, more=(), kind=None):
    """A mail that its certificate's owner signed."""
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(of, key, kind or hashes.SHA256())
    for each in more:
        builder = builder.add_certificate(each)
    if opaque:
        envelope = builder.sign(Encoding.DER, [pkcs7.PKCS7Options.Binary])
        return HEAD + OPAQUE + base64.encodebytes(envelope)
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    return HEAD + builder.sign(Encoding.SMIME, options)


def pem(*certificates):
    return [each.public_bytes(Encoding.PEM).decode() for each in certificates]


def verdict(raw, *known):
    incoming = read(raw, {"keys": pem(*known)})
    assert incoming.text == "Where is my lamp?"
    assert incoming.facts["signed"] == "S/MIME"
    return incoming.facts["signature"]


@pytest.mark.parametrize("opaque", [False, True], ids=["clear", "opaque"])
def test_a_signature_by_a_known_key_holds(opaque):
    mine = certificate()
    assert verdict(signed(mine, opaque=opaque), mine) == "holds"


def test_it_holds_by_an_rsa_key_too():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    mine = certificate(key=key)
    assert verdict(signed(mine, key=key), mine) == "holds"


def test_an_authority_vouches_for_its_people_and_those_between():
    above, between = (ec.generate_private_key(ec.SECP256R1()) for _key in range(2))
    root = certificate("ca@authority.test", key=above, is_ca=True)
    middle = certificate("sub@authority.test", key=between, issuer=(root, above), is_ca=True)
    mine = certificate(issuer=(middle, between))
    assert verdict(signed(mine, more=[middle]), root) == "holds"
    assert verdict(signed(mine), root) == "unknown key"


def test_nobody_vouches_who_is_no_authority():
    friend_key = ec.generate_private_key(ec.SECP256R1())
    friend = certificate("bo@customer.test", key=friend_key)
    mine = certificate(issuer=(friend, friend_key))
    assert verdict(signed(mine), friend) == "unknown key"


def test_a_key_that_nobody_knows_is_called_so():
    assert verdict(signed(certificate()), certificate()) == "unknown key"


def test_a_known_key_of_somebody_else_is_called_so():
    other = certificate("bo@customer.test")
    assert verdict(signed(other), other) == "other sender"


def test_a_key_that_has_run_out_is_called_so():
    old = certificate(days=-3)
    assert verdict(signed(old), old) == "expired key"


def test_words_that_were_changed_break_the_signature():
    mine = certificate()
    raw = signed(mine).replace(b"Where is my lamp?", b"Send me money now")
    incoming = read(raw, {"keys": pem(mine)})
    assert incoming.facts["signature"] == "broken"
    assert incoming.troubles == [BROKEN_SIGNATURE]
    assert incoming.text == "Send me money now"


def test_a_signature_over_a_part_says_nothing_of_the_rest():
    mine = certificate()
    inner = signed(mine)[len(HEAD) :]
    raw = HEAD + b"Content-Type: multipart/mixed; boundary=o\n\n--o\n\nSend money.\n--o\n" + inner
    facts = read(raw + b"\n--o--\n", {"keys": pem(mine)}).facts
    assert "signature" not in facts


def element(tag, content):
    """One element of DER, shorter than 64 kB."""
    return bytes([tag, 0x82]) + len(content).to_bytes(2, "big") + content


OF_DATA = bytes.fromhex("06092a864886f70d010701")
OF_SIGNED = bytes.fromhex("06092a864886f70d010702")
FORGED = b"Content-Type: text/plain\r\n\r\nRefund me to this account, please, all of it.\r\n"
SLIPPED_IN = OF_DATA + element(0xA0, element(4, FORGED))


def behind_the_end(envelope):
    return envelope + SLIPPED_IN


def among_the_algorithms(envelope):
    told = cms.ContentInfo.load(envelope)["content"]
    pieces = [told["version"].dump(), element(0x31, element(0x30, SLIPPED_IN))]
    pieces += [told[name].dump() for name in ("encap_content_info", "certificates", "signer_infos")]
    return element(0x30, OF_SIGNED + element(0xA0, element(0x30, b"".join(pieces))))


@pytest.mark.parametrize("slip", [behind_the_end, among_the_algorithms])
def test_words_that_were_slipped_in_beside_the_signed_ones_break_the_signature(slip):
    mine = certificate()
    mail = parse(signed(mine, opaque=True))
    envelope = slip(mail.body(mail.root))
    raw = HEAD + OPAQUE + base64.encodebytes(envelope)
    assert read(raw, {"keys": pem(mine)}).facts["signature"] == "broken"


def test_a_detached_signature_that_brings_words_of_its_own_shows_none_of_them():
    mine = certificate()
    empty = b"Content-Type: text/plain\r\n\r\n\r\n"
    raw = signed(mine, content=empty)
    honest = parse(raw)
    signature = honest.root.children[1]
    forged = base64.encodebytes(honest.body(signature) + SLIPPED_IN)
    at = raw.index(b"MI", raw.index(b"smime.p7s", signature.begin))
    raw = raw[:at] + forged + raw[raw.index(b"\n--", at) :]
    assert OF_DATA in parse(raw).body(parse(raw).root.children[1])
    incoming = read(raw, {"keys": pem(mine)})
    assert incoming.facts["signature"] == "holds"
    assert "Refund" not in incoming.text + incoming.html + incoming.quoted


def test_a_damaged_envelope_is_not_checked_and_read_all_the_same():
    mine = certificate()
    raw = signed(mine, opaque=True)
    for at in range(len(HEAD) + 200, len(raw) - 40, 97):
        incoming = read(raw[:at], {"keys": pem(mine)})
        assert incoming.facts.get("signature") in (None, "not checked", "broken")


def test_what_is_encrypted_is_called_so():
    mine = certificate(key=(key := rsa.generate_private_key(public_exponent=65537, key_size=2048)))
    assert key.key_size == 2048
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(WORDS).add_recipient(mine)
    incoming = read(HEAD + builder.encrypt(Encoding.SMIME, []), {})
    assert incoming.troubles == [ENCRYPTED]
    assert [part.name for part in incoming.parts] == ["smime.p7m"]


def test_the_child_is_told_the_keys_that_the_shop_knows(settings, tmp_path):
    settings.DATA = tmp_path
    mine = certificate()
    assert Email().read(signed(mine), {}).facts["signature"] == "unknown key"
    assert add_known_keys(mine.public_bytes(Encoding.DER)) == ["CN=ida@customer.test"]
    incoming = Email().read(signed(mine), {})
    assert (incoming.facts["signature"], incoming.facts["signed_by"]) == (
        "holds",
        "ida@customer.test",
    )


def test_a_file_without_a_certificate_is_refused(settings, tmp_path):
    settings.DATA = tmp_path
    with pytest.raises(Refused):
        add_known_keys(b"a lamp")


def test_the_verdict_on_the_sender_names_the_signature_and_stays_what_it_is():
    def nobody(_name):
        raise NoAnswer

    mine = certificate()
    raw = signed(mine)
    plain = judge(raw, {}, read(HEAD + b"\nx", {}), resolver=nobody)
    told = judge(raw, {}, read(raw, {"keys": pem(mine)}), resolver=nobody)
    assert told.trust == plain.trust
    assert (
        told.reason == f"{plain.reason}. Signed by ida@customer.test, whose key you know (S/MIME)"
    )


def names(*, permitted=(), excluded=()):
    """What an authority may vouch for."""
    lists = [[x509.RFC822Name(each) for each in some] or None for some in (permitted, excluded)]
    return x509.NameConstraints(*lists)


def state_by(tmp_path, of, authority, *between):
    """What a mail is worth that this certificate's owner signed, where we know the authority."""
    file = tmp_path / "authority.pem"
    file.write_bytes(authority.public_bytes(Encoding.PEM))
    mail = signed(of, more=between)
    keys = [file.read_text()]
    return read(mail, {"keys": keys}).facts["signature"]


@pytest.mark.parametrize(
    ("limits", "state"),
    [
        (names(permitted=["customer.test"]), "holds"),
        (names(permitted=["ida@customer.test"]), "holds"),
        (names(permitted=[".customer.test"]), "unknown key"),
        (names(permitted=["other.test"]), "unknown key"),
        (names(permitted=["bo@customer.test"]), "unknown key"),
        (names(excluded=["customer.test"]), "unknown key"),
        (names(excluded=["other.test"]), "holds"),
        (names(permitted=["customer.test"], excluded=["ida@customer.test"]), "unknown key"),
    ],
)
def test_an_authority_vouches_for_the_addresses_that_it_may(tmp_path, limits, state):
    authority = certificate("ca@ca.test", is_ca=True, more=[limits])
    of = certificate(issuer=(authority, ELLIPTIC))
    assert state_by(tmp_path, of, authority) == state


def test_what_stands_between_is_bound_by_what_is_above(tmp_path):
    limits = names(permitted=["customer.test"])
    authority = certificate("ca@ca.test", is_ca=True, more=[limits])
    below = certificate("sub@customer.test", is_ca=True, issuer=(authority, ELLIPTIC))
    other = certificate("ida@other.test", issuer=(below, ELLIPTIC))
    assert state_by(tmp_path, other, authority, below) == "unknown key"


def test_an_authority_that_may_have_none_below_has_none(tmp_path):
    authority = certificate("ca@ca.test", is_ca=True, steps=0)
    below = certificate("sub@ca.test", is_ca=True, issuer=(authority, ELLIPTIC))
    of = certificate(issuer=(below, ELLIPTIC))
    assert state_by(tmp_path, of, authority, below) == "unknown key"
    direct = certificate(issuer=(authority, ELLIPTIC))
    assert state_by(tmp_path, direct, authority) == "holds"


@pytest.mark.parametrize(
    ("purpose", "state"),
    [("EMAIL_PROTECTION", "holds"), ("SERVER_AUTH", "unknown key")],
)
def test_a_certificate_for_something_else_does_not_sign_mail(tmp_path, purpose, state):
    authority = certificate("ca@ca.test", is_ca=True)
    purposes = x509.ExtendedKeyUsage([getattr(ExtendedKeyUsageOID, purpose)])
    of = certificate(issuer=(authority, ELLIPTIC), more=[purposes])
    assert state_by(tmp_path, of, authority) == state
