"""A domain's records, asked of a name service on this machine."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone, translation

from makegood.channels.models import Inbox
from makegood.watch.models import Probe, Watched
from makegood.watch.probing import watched
from makegood.watch.queries import records_in_words
from makegood.watch.records import look_at_records
from makegood.watch.tests.name_server import NameServer, Zone

GOOD: Zone = {
    "MX lantern.example": ["10 mx.lantern.example."],
    "A mx.lantern.example": ["192.0.2.25"],
    "A smtp.lantern.example": ["192.0.2.26"],
    "PTR 26.2.0.192.in-addr.arpa": ["smtp.lantern.example."],
    "TXT lantern.example": ['"v=spf1 a:smtp.lantern.example -all"', '"something else"'],
    "TXT s1._domainkey.lantern.example": ['"v=DKIM1; k=rsa; " "p=MIIB"'],
    "TXT _dmarc.lantern.example": ['"v=DMARC1; p=reject; rua=mailto:d@lantern.example"'],
    "TXT _mta-sts.lantern.example": ['"v=STSv1; id=1"'],
}
PROOF: dict[str, Any] = {
    "known": True,
    "dkim": ["lantern.example"],
    "signed": ["lantern.example"],
    "selectors": ["s1 lantern.example"],
    "spf": "",
}


@pytest.fixture
def asked(mailbox: Inbox, settings: LazySettings) -> Inbox:
    settings.ASKS_DNS = True
    mailbox.settings = {"smtp": {"host": "smtp.lantern.example"}}
    mailbox.save()
    return mailbox


@pytest.fixture
def server() -> Iterator[NameServer]:
    with NameServer(dict(GOOD)) as running:
        yield running


def came(inbox: Inbox, way: str = "address", to: str = "", **seen: Any) -> Probe:
    now = timezone.now()
    return Probe.objects.create(
        inbox=inbox, way=way, to=to or inbox.address, token_hash=f"{way}{now}", state="came",
        sent_at=now, due_at=now, came_at=now, seen=seen,
    )  # fmt: skip


def states(inbox: Inbox) -> dict[str, tuple[str, str]]:
    return {one["name"]: (str(one["state"]), one["why"]) for one in look_at_records(inbox)}


def put(inbox: Inbox, name: str) -> str:
    record = next(one for one in look_at_records(inbox) if one["name"] == name)
    return str(record["put"]["value"]) if record["put"] else ""


def test_a_domain_in_order_is_found_so(asked: Inbox, server: NameServer) -> None:
    came(asked, **PROOF)
    came(asked, "reply", f"hello+r.{'a' * 26}@lantern.example")
    assert states(asked) == {
        "mx": ("ok", "mx ok"),
        "spf": ("ok", "spf ok"),
        "dkim": ("ok", "dkim ok"),
        "dmarc": ("ok", "dmarc ok"),
        "reply": ("ok", "reply ok"),
        "reverse": ("ok", "ptr ok"),
        "mta-sts": ("ok", "there"),
        "tls-rpt": ("ok", "not needed"),
    }
    assert "TXT lantern.example" in server.asked


@pytest.mark.parametrize(
    ("records", "state", "why", "better"),
    [
        (None, "broken", "spf none", "v=spf1 a:smtp.lantern.example ~all"),
        (
            ["v=spf1 mx -all", "v=spf1 include:x.example ~all"],
            "broken", "spf several", "v=spf1 include:x.example mx ~all",
        ),
        (["v=spf1 a:smtp.lantern.example +all"], "broken", "spf everybody",
         "v=spf1 a:smtp.lantern.example ~all"),
        (["v=spf1 mx -all"], "attention", "spf not ours", "v=spf1 a:smtp.lantern.example mx -all"),
        (["v=spf1 a:smtp.lantern.example ?all"], "attention", "spf open",
         "v=spf1 a:smtp.lantern.example ~all"),
        (["v=spf1 " + " ".join(f"a:{n}.example" for n in range(11)) + " -all"],
         "broken", "spf too many", ""),
    ],
)  # fmt: skip
def test_each_fault_of_spf_is_told_with_what_mends_it(
    asked: Inbox, server: NameServer, records: list[str] | None, state: str, why: str, better: str
) -> None:
    server.zone.pop("TXT lantern.example")
    if records:
        server.zone["TXT lantern.example"] = [f'"{record}"' for record in records]
    assert states(asked)["spf"] == (state, why)
    assert put(asked, "spf") == better


def test_questions_behind_includes_are_counted(asked: Inbox, server: NameServer) -> None:
    server.zone["TXT lantern.example"] = ['"v=spf1 include:one.example include:two.example -all"']
    many = " ".join(f"a:{n}.example" for n in range(5))
    server.zone["TXT one.example"] = server.zone["TXT two.example"] = [f'"v=spf1 {many} -all"']
    assert states(asked)["spf"] == ("broken", "spf too many")


def test_a_record_that_includes_itself_ends(asked: Inbox, server: NameServer) -> None:
    server.zone["TXT lantern.example"] = ['"v=spf1 include:lantern.example -all"']
    assert states(asked)["spf"][1] in ("spf too many", "spf not ours")


@pytest.mark.parametrize(
    ("host", "term"),
    [
        ("smtp.gmail.com", "include:_spf.google.com"),
        ("smtp.office365.com", "include:spf.protection.outlook.com"),
        ("mail.lantern.example", "a:mail.lantern.example"),
    ],
)
def test_a_provider_is_named_as_it_wants_to_be(
    asked: Inbox, server: NameServer, host: str, term: str
) -> None:
    server.zone.pop("TXT lantern.example")
    asked.settings = {"smtp": {"host": host}}
    assert put(asked, "spf") == f"v=spf1 {term} ~all"


@pytest.mark.parametrize(
    ("record", "proof", "state", "why"),
    [
        (None, {}, "attention", "dmarc none"),
        ("v=DMARC1; p=none", {}, "ok", "dmarc watches"),
        ("v=DMARC1; p=maybe", {}, "broken", "dmarc odd"),
        ("v=DMARC1; p=reject", PROOF, "ok", "dmarc no reports"),
        ("v=DMARC1; p=reject", {"known": True, "dkim": []}, "broken", "dmarc against us"),
    ],
)
def test_each_fault_of_dmarc_is_told(
    asked: Inbox, server: NameServer, record: str | None, proof: Any, state: str, why: str
) -> None:
    server.zone.pop("TXT _dmarc.lantern.example")
    if record:
        server.zone["TXT _dmarc.lantern.example"] = [f'"{record}"']
    if proof:
        came(asked, **proof)
    assert states(asked)["dmarc"] == (state, why)


def test_the_organisations_policy_counts_for_its_parts(asked: Inbox, server: NameServer) -> None:
    asked.address = "hello@mail.lantern.co.uk"
    server.zone["TXT _dmarc.lantern.co.uk"] = server.zone["TXT _dmarc.lantern.example"]
    assert states(asked)["dmarc"] == ("ok", "dmarc ok")


@pytest.mark.parametrize(
    ("proof", "zone", "state", "why"),
    [
        ({}, {}, "unknown", "not tried"),
        ({"known": True, "dkim": [], "signed": ["gmail.com"]}, {}, "attention", "dkim none"),
        (PROOF, {"TXT s1._domainkey.lantern.example": ['"p="']}, "broken", "dkim lost"),
    ],
)
def test_the_signature_is_known_from_the_mail_itself(
    asked: Inbox, server: NameServer, proof: Any, zone: Zone, state: str, why: str
) -> None:
    server.zone |= zone
    if proof:
        came(asked, **proof)
    assert states(asked)["dkim"] == (state, why)


@pytest.mark.parametrize(
    ("zone", "state", "why"),
    [
        ({"MX lantern.example": ["10 gone.example."]}, "broken", "mx lost"),
        (
            {"MX lantern.example": ["10 mx.lantern.example.", "20 gone.example."]},
            "attention", "mx partly lost",
        ),
        ({"MX lantern.example": ["0 ."]}, "broken", "mx none"),
    ],
)  # fmt: skip
def test_mail_that_leads_nowhere_is_told(
    asked: Inbox, server: NameServer, zone: Zone, state: str, why: str
) -> None:
    server.zone |= zone
    assert states(asked)["mx"] == (state, why)


def test_a_reply_path_that_is_late_is_broken(asked: Inbox, server: NameServer) -> None:
    probe = came(asked, "reply", f"hello+r.{'a' * 26}@lantern.example")
    early = timezone.now() - timedelta(hours=1)
    Probe.objects.filter(pk=probe.pk).update(state="waiting", came_at=None, due_at=early)
    assert states(asked)["reply"] == ("broken", "reply lost")


def test_a_silent_name_service_says_nothing_of_the_records(asked: Inbox) -> None:
    server = NameServer({})
    with server:
        server.answer = lambda wire: b""  # type: ignore[method-assign]
        found = states(asked)
    assert {state for state, _why in found.values()} == {"unknown"}


def test_switched_off_nobody_is_asked(asked: Inbox, settings: LazySettings) -> None:
    settings.ASKS_DNS = False
    with NameServer(dict(GOOD)) as server:
        assert look_at_records(asked) == []
    assert server.asked == []


def test_records_are_told_in_the_readers_language(asked: Inbox, server: NameServer) -> None:
    server.zone.pop("TXT lantern.example")
    Watched.objects.filter(pk=watched(asked).pk).update(records=look_at_records(asked))
    row = Watched.objects.get()
    first = records_in_words(row)[0]
    assert first["title"] == "Who may send for you (SPF)"
    assert first["says"].startswith("Nothing says which servers may send for lantern.example")
    with translation.override("de"):
        assert records_in_words(row)[0]["title"] == "Wer für Sie senden darf (SPF)"
