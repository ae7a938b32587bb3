from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from makegood.fields.actions import Wish, save_field
from makegood.ledger.models import Event
from makegood.office.changes import SHOWN, Asked, changes
from makegood.team.actions import change_agent, save_team
from makegood.team.models import Agent, Team


def test_a_change_stands_with_what_was_before(
    as_olga: Client, olga: Agent, nora: Agent, front: Team
) -> None:
    change_agent(nora, role="lead", by=olga)
    page = as_olga.get("/office/history/?page=agents").text
    assert "Olga changed Nora" in page
    row = changes(Asked(page="agents")).rows[0]
    assert row.differences == [("role", "Agent", "Lead")]
    assert not changes(Asked(page="agents", by=nora.ref)).rows
    assert not changes(Asked(page="teams")).rows


def test_what_changed_has_a_name_in_the_readers_language(olga: Agent) -> None:
    wish = Wish(noun="customer", name="Size", kind="text", seen_by="lead")
    save_field(None, wish, by=olga)
    with translation.override("de"):
        told = changes(Asked(page="fields")).rows[0].differences
    assert ("Art", "", "Text") in told
    assert ("wer es sieht", "", "Leitende und Inhaber") in told
    assert not {"seen_by", "kind", "is_telling"} & {name for name, _was, _is in told}


def test_pages_follow_each_other_without_gap(olga: Agent, front: Team) -> None:
    for number in range(SHOWN + 5):
        save_team(front, name=f"Team {number}", agents=[], by=olga)
    first = changes(Asked(page="teams"))
    second = changes(Asked(page="teams", after=first.next))
    assert (len(first.rows), len(second.rows), second.next) == (SHOWN, 5, "")
    assert first.rows[-1].event.pk > second.rows[0].event.pk
    assert changes(Asked(page="teams", after="damaged")).rows
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    assert not changes(Asked(page="teams", until=yesterday)).rows


@pytest.fixture
def certificate() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ida@example.com")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    made = made.public_key(key.public_key()).serial_number(1)
    made = made.not_valid_before(now).not_valid_after(now + timedelta(days=9))
    return made.sign(key, SHA256()).public_bytes(Encoding.PEM)


def test_a_key_is_added_shown_and_removed(
    as_olga: Client, certificate: bytes, settings: Any, tmp_path: Path
) -> None:
    settings.DATA = tmp_path
    file = SimpleUploadedFile("ida.pem", certificate)
    assert as_olga.post("/office/keys/", {"file": file}).status_code == 302
    page = as_olga.get("/office/keys/").text
    assert "ida@example.com" in page
    name = page.split('name="key" value="')[1].split('"')[0]
    assert as_olga.post("/office/keys/removal/", {"key": name}).status_code == 302
    assert as_olga.post("/office/keys/removal/", {"key": name}).status_code == 409
    events = Event.objects.filter(kind__startswith="key.").in_order()
    kinds = events.values_list("kind", flat=True)
    assert list(kinds) == ["key.added", "key.removed"]


def test_what_is_no_key_is_refused(as_olga: Client, settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    file = SimpleUploadedFile("x.pem", b"a lamp")
    assert as_olga.post("/office/keys/", {"file": file}).status_code == 422
