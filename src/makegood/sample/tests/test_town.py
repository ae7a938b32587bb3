import threading
import time
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from makegood.sample.town import Town, compose_answer


def mail(**headers: str) -> EmailMessage:
    written = EmailMessage()
    written["From"] = "Nora · Lantern & Loom <hello@lantern.example>"
    written["To"] = "Ida Berg <ida@berg.example>"
    written["Reply-To"] = "hello+r.abc@lantern.example"
    written["Subject"] = "Re: Where is my lamp?"
    written["Message-ID"] = "<m.token@lantern.example>"
    for name, value in headers.items():
        written[name.replace("_", "-")] = value
    written.set_content("It left on Friday.")
    return written


class Shop(Town):
    """A listener that keeps what it is sent instead of answering."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), back_to=("127.0.0.1", 1))
        self.came: list[tuple[str, bytes]] = []

    def deliver(self, recipient: str, content: bytes) -> None:
        self.came.append((recipient, content))


@pytest.fixture
def shop() -> Iterator[Shop]:
    with Shop() as shop:
        threading.Thread(target=shop.serve_forever, daemon=True).start()
        yield shop
        shop.shutdown()


def test_an_answer_is_threaded_and_quotes() -> None:
    answer = compose_answer(mail(), "ida@berg.example", "Thank you!")
    assert answer["To"] == "hello+r.abc@lantern.example"
    assert answer["In-Reply-To"] == "<m.token@lantern.example>"
    assert answer["From"] == "Ida Berg <ida@berg.example>"
    assert answer.get_content().startswith("Thank you!")
    assert "> It left on Friday." in answer.get_content()


def test_a_sample_customer_writes_back_once_and_never_to_a_machine(shop: Shop) -> None:
    with Town(("127.0.0.1", 0), back_to=shop.server_address) as town:  # type: ignore[arg-type]
        town.thinks_for = 0.01
        town.deliver("ida@berg.example", bytes(mail(Auto_Submitted="auto-replied")))
        town.deliver("nobody@berg.example", bytes(mail()))
        for _again in range(2):
            town.deliver("ida@berg.example", bytes(mail()))
        until = time.monotonic() + 5
        while not shop.came and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(0.05)
    assert [recipient for recipient, _content in shop.came] == ["hello+r.abc@lantern.example"]
    assert b"puts my mind at rest" in shop.came[0][1]
