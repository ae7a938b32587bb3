import socket
import threading
from datetime import UTC, datetime
from typing import Any

from makegood.channels.email.channel import Email
from makegood.channels.interface import Automatic
from makegood.channels.models import Arrival
from makegood.sample.mails import fill_in_the_form, sample_letters, send_samples
from makegood.sample.shop import prepare_sample_shop

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def test_every_mail_reads_as_it_was_written() -> None:
    read = {}
    for letter in sample_letters(NOW):
        incoming = Email().read(bytes(letter.mail), {"from": letter.sender})
        read[incoming.subject] = incoming
        assert incoming.text
        assert not incoming.troubles
        assert incoming.sent_at is not None
    assert len(read) == 12
    assert read["Lanterne arrivée cassée"].sender.name == "Élodie Lefèvre"
    assert "hat keine" not in read["Leinenschirm: Farbe stimmt nicht"].text
    assert "von Hand genäht" in read["Leinenschirm: Farbe stimmt nicht"].quoted
    assert [part.name for part in read["Charged twice for order LL-1007"].parts] == [
        "statement.csv"
    ]
    kinds = {incoming.automatic for incoming in read.values()}
    assert kinds == {Automatic.NOT, Automatic.REPLY, Automatic.LIST}
    glass = read["Winter glass: six new globes, and what became of the old kiln"]
    assert glass.parts[0].is_inline
    assert "Winter glass" in glass.html


def test_they_go_in_over_smtp() -> None:
    taken: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(10)
        server = threading.Thread(target=_take_mail, args=[door, taken])
        server.start()
        assert send_samples(*door.getsockname()) == 12
        server.join()
    assert len(taken) == 12
    assert "Subject: THIRD TIME I WRITE. Order LL-0941" in "".join(taken)


def _take_mail(door: socket.socket, taken: list[str]) -> None:
    """A mail server of one connection that says yes to everything."""
    connection, _address = door.accept()
    with connection, connection.makefile("rwb") as wire:
        wire.write(b"220 here\r\n")
        wire.flush()
        while line := wire.readline():
            word = line.split()[0].upper()
            if word == b"DATA":
                wire.write(b"354 go on\r\n")
                wire.flush()
                taken.append(_until_the_dot(wire))
            wire.write(b"221 bye\r\n" if word == b"QUIT" else b"250 yes\r\n")
            wire.flush()
            if word == b"QUIT":
                return


def _until_the_dot(wire: Any) -> str:
    lines = []
    while (line := wire.readline()) != b".\r\n":
        lines.append(line.decode())
    return "".join(lines)


def test_the_form_is_filled_in_once(db: None) -> None:
    shop = prepare_sample_shop()
    fill_in_the_form(shop.form)
    assert Arrival.objects.get(inbox=shop.form).origin == "form"
