"""A push to a real push service of this machine, which checks who sends and opens what came."""

import base64
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client
from django.utils import timezone

from makegood.conversations.actions import add_note, assign_conversation
from makegood.conversations.models import Conversation
from makegood.kit import egress
from makegood.kit.webpush import BadSubscription, Subscription, encrypt
from makegood.ledger.followers import catch_up
from makegood.notices.actions import read_notices_of
from makegood.notices.models import Browser, Push
from makegood.notices.pushing import keep_browser, push_next
from makegood.notices.wishes import Wanted, change_wishes
from makegood.presence.actions import Spot, beat
from makegood.team.models import Agent, Team

ALL_WAYS = {"mention": ["page", "push"], "assigned": ["page", "push"]}


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def text_of(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@dataclass
class Browserside:
    """A browser's end: the keys that it keeps to itself, and how it opens what came (RFC 8291)."""

    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = b"sixteen bytes ok"

    @property
    def point(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def subscription(self, endpoint: str) -> Subscription:
        return Subscription(endpoint=endpoint, p256dh=text_of(self.point), auth=text_of(self.auth))

    def open(self, body: bytes) -> bytes:
        salt, length = body[:16], body[20]
        theirs, sealed = body[21 : 21 + length], body[21 + length :]
        sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        info = b"WebPush: info\0" + self.point + theirs
        secret = self._derived(self.key.exchange(ec.ECDH(), sender), self.auth, info, 32)
        content_key = self._derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = self._derived(secret, salt, b"Content-Encoding: nonce\0", 12)
        opened = AESGCM(content_key).decrypt(nonce, sealed, None)
        return opened.rstrip(b"\0")[:-1]

    @staticmethod
    def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
        return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)


@dataclass
class Service:
    """A push service: takes what is signed by who may, and keeps it for the browser."""

    port: int = 0
    status: int = 201
    came: list[dict[str, Any]] = field(default_factory=list)

    @property
    def endpoint(self) -> str:
        return f"https://push.example:{self.port}/send/abc"

    def take(self, headers: Any, body: bytes) -> int:
        claims = signed_claims(headers["Authorization"])
        self.came.append({"claims": claims, "body": body, **dict(headers.items())})
        return self.status


def signed_claims(authorization: str) -> dict[str, Any]:
    """What the sender says of itself; raises where the signature is not the key's."""
    parts = dict(one.strip().split("=", 1) for one in authorization[6:].split(","))
    head, claims, signature = parts["t"].split(".")
    both = raw(signature)
    numbers = int.from_bytes(both[:32]), int.from_bytes(both[32:])
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(parts["k"]))
    key.verify(encode_dss_signature(*numbers), f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
    told: dict[str, Any] = json.loads(raw(claims))
    return told


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """Listens here; the one door to the network leads there as it would to the world."""
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(service.take(self.headers, body))
            self.end_headers()

        def log_message(self, *_arguments: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    service.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    # No certificate of push.example on this machine: the same request, without TLS, to here.
    checked = egress._checked

    def to_here(url: str) -> str:
        return checked(url).replace("https://push.example", "http://127.0.0.1")

    monkeypatch.setattr(egress, "_checked", to_here)
    monkeypatch.setattr(egress, "PORTS", {server.server_port})
    monkeypatch.setattr(egress, "is_open_address", lambda address: address == "127.0.0.1")
    yield service
    server.shutdown()
    server.server_close()


@pytest.fixture
def browser() -> Browserside:
    return Browserside()


def pushed(seconds: int = 10) -> int:
    """What went out once the moment of rest is over."""
    catch_up("notices")
    with time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=False):
        count = 0
        while push_next():
            count += 1
    return count


def test_the_cipher_is_that_of_the_standard() -> None:
    """The example of RFC 8291, appendix A."""
    to = Subscription(
        endpoint="https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
        p256dh="BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        auth="BTBZMqHH6r4Tts7J_aSIgg",
    )
    number = int.from_bytes(raw("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"))
    key = ec.derive_private_key(number, ec.SECP256R1())
    salt = raw("DGv6ra1nlYgDCS1FRnbzlw")
    body = encrypt(b"When I grow up, I want to be a watermelon", to, key=key, salt=salt)
    assert text_of(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
        "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
        "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_a_push_is_signed_sealed_and_says_little(
    service: Service, browser: Browserside, lamp: Conversation, nora: Agent, tomas: Agent
) -> None:
    keep_browser(browser.subscription(service.endpoint), "Firefox, Linux", by=nora)
    add_note(lamp, "@Nora, the courier lost it.", by=tomas)
    assert pushed() == 1
    (came,) = service.came
    assert came["claims"]["aud"] == f"https://push.example:{service.port}"
    assert came["Content-Encoding"] == "aes128gcm"
    assert b"courier" not in came["body"]
    shown = json.loads(browser.open(came["body"]))
    assert shown["title"] == "I am mentioned"
    assert shown["url"] == f"/conversations/{lamp.pk}/"
    told = json.dumps(shown)
    assert "courier" not in told
    assert "Ida" not in told
    assert not Push.objects.exists()
    assert Browser.objects.get().worked_at


def test_names_and_words_come_where_the_agent_wants_them(
    service: Service, browser: Browserside, lamp: Conversation, nora: Agent, tomas: Agent
) -> None:
    nora.language = "de"
    nora.save(update_fields=["language"])
    change_wishes(Wanted(ways=ALL_WAYS, shows_words=True), by=nora)
    keep_browser(browser.subscription(service.endpoint), "Firefox", by=nora)
    add_note(lamp, "@Nora, the courier lost it.", by=tomas)
    pushed()
    shown = json.loads(browser.open(service.came[0]["body"]))
    assert shown["title"] == "Tomas hat Sie erwähnt"
    assert "the courier lost it" in shown["body"]
    sizes = {len(one["body"]) for one in service.came}
    assert sizes == {1024 + 1 + 16 + 86}, "its length says nothing"


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(
    service: Service,
    browser: Browserside,
    lamp: Conversation,
    nora: Agent,
    tomas: Agent,
    status: int,
) -> None:
    service.status = status
    keep_browser(browser.subscription(service.endpoint), "Firefox", by=nora)
    assign_conversation(lamp, agent=nora, team=None, by=tomas)
    pushed()
    assert not Browser.objects.exists()


def test_a_service_that_is_busy_is_asked_again_and_not_for_ever(
    service: Service, browser: Browserside, lamp: Conversation, nora: Agent, tomas: Agent
) -> None:
    service.status = 503
    keep_browser(browser.subscription(service.endpoint), "Firefox", by=nora)
    assign_conversation(lamp, agent=nora, team=None, by=tomas)
    pushed()
    assert Push.objects.get().attempts == 1
    for hours in range(1, 6):
        pushed(hours * 3600)
    assert not Push.objects.exists()
    assert Browser.objects.exists(), "the browser may work tomorrow"


def test_nothing_is_pushed_to_who_has_read_it_sits_there_or_wants_quiet(
    service: Service, browser: Browserside, lamp: Conversation, nora: Agent, tomas: Agent
) -> None:
    keep_browser(browser.subscription(service.endpoint), "Firefox", by=nora)
    add_note(lamp, "@Nora", by=tomas)
    catch_up("notices")
    read_notices_of(lamp, by=nora)
    pushed()
    add_note(lamp, "@Nora again", by=tomas)
    beat("p", Spot(), by=nora)
    pushed()
    nora.refresh_from_db()
    clock = timezone.localtime(timezone.now(), nora.zone)
    quiet = ((clock - timedelta(hours=1)).time(), (clock + timedelta(hours=1)).time())
    change_wishes(Wanted(ways=ALL_WAYS, quiet=quiet), by=nora)
    add_note(lamp, "@Nora, once more", by=tomas)
    pushed(120)
    assert service.came == []
    assert not Push.objects.exists()


def test_with_the_right_to_see_goes_the_push(
    service: Service,
    browser: Browserside,
    lamp: Conversation,
    nora: Agent,
    tomas: Agent,
    back: Team,
) -> None:
    keep_browser(browser.subscription(service.endpoint), "Firefox", by=nora)
    add_note(lamp, "@Nora", by=tomas)
    catch_up("notices")
    lamp.inbox.teams.set([back])
    pushed()
    assert service.came == []


def test_a_subscription_is_kept_sealed_and_only_where_it_can_be_one(
    browser: Browserside, nora: Agent
) -> None:
    good = browser.subscription("https://push.example/send/secret-place")
    keep_browser(good, "Firefox", by=nora)
    keep_browser(good, "Firefox", by=nora)
    assert "secret-place" not in Browser.objects.get().sealed
    for endpoint in ("http://push.example/", "file:///etc/passwd", "", "https://"):
        with pytest.raises(BadSubscription):
            browser.subscription(endpoint).check()
    with pytest.raises(BadSubscription):
        Subscription(endpoint=good.endpoint, p256dh="AAAA", auth=good.auth).check()


def test_the_page_keeps_and_ends_a_browser(browser: Browserside, nora: Agent, tomas: Agent) -> None:
    client = Client()
    client.force_login(nora)
    good = browser.subscription("https://push.example/send/abc")
    said = {"endpoint": good.endpoint, "p256dh": good.p256dh, "auth": good.auth}
    assert client.post("/me/browsers/", {**said, "auth": "x"}).status_code == 422
    client.post("/me/browsers/", {**said, "name": "Chrome, Linux"})
    kept = Browser.objects.get()
    assert "Chrome, Linux" in client.get("/me/notices/").content.decode()
    other = Client()
    other.force_login(tomas)
    assert other.post(f"/me/browsers/{kept.pk}/removal/").status_code == 404
    client.post(f"/me/browsers/{kept.pk}/removal/")
    assert not Browser.objects.exists()


def test_a_push_never_reaches_this_machine_or_its_neighbours(
    browser: Browserside, lamp: Conversation, nora: Agent, tomas: Agent
) -> None:
    keep_browser(browser.subscription("https://127.0.0.1/send"), "Firefox", by=nora)
    assign_conversation(lamp, agent=nora, team=None, by=tomas)
    pushed()
    assert Push.objects.get().attempts == 1


@pytest.mark.parametrize("endpoint", ["https://[::1", "https://\u2100.example/"])
def test_an_address_that_is_none_is_refused_in_words(
    browser: Browserside, nora: Any, endpoint: str
) -> None:
    good = browser.subscription("https://push.example/send/abc")
    said = {"endpoint": endpoint, "p256dh": good.p256dh, "auth": good.auth}
    client = Client()
    client.force_login(nora)
    assert client.post("/me/browsers/", said).status_code == 422
