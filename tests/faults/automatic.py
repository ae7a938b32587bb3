"""Mail that nobody wrote by hand: asked for once, whoever races and whoever is killed (R07)."""

import json
import os
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

from django.db import connection
from django.utils import timezone

from makegood.channels.actions import RawArrival, post, take_in
from makegood.channels.email import child, outbox
from makegood.channels.interface import Address, Outgoing
from makegood.channels.models import Arrival, Delivery, Inbox
from makegood.conversations.intake import take_in_arrival, waiting_arrivals
from makegood.kit.ids import new_token
from tests.faults.scenes import mailbox
from tests.faults.strace import fork, wait_for
from tests.faults.tally import Tally

OTHERS = 3


class Automatic:
    """Each form that comes in is asked about by one mail, though four workers want to."""

    def __init__(self, taken: Path, port: int, forms: int = 0) -> None:
        self.taken = taken
        self.port = port
        self.forms = forms or 2

    def prepare(self) -> None:
        child.read_apart(b"", {})
        smtp = {"host": "127.0.0.1", "port": self.port, "security": "none"}
        Inbox.objects.filter(kind="email").update(settings={"smtp": smtp})
        form = Inbox.objects.create(name="Form", kind="web", mail_inbox=mailbox())
        for number in range(self.forms):
            said = {"email": f"ida{number}@customer.test", "subject": "Lamp", "text": "Where?"}
            take_in(
                [
                    RawArrival(
                        inbox_id=form.pk,
                        raw=json.dumps({**said, "name": "Ida", "files": []}).encode(),
                        origin="form",
                        envelope={"confirm": True, "network": f"192.0.2.{number}"},
                        external_id=f"form:{number}",
                    )
                ]
            )

    def act(self) -> None:
        child._server.owner = os.getpid()
        for pk in waiting_arrivals():
            take_in_arrival(pk)
        while outbox.send_next():
            pass

    def alone(self, _pid: int) -> None:
        """Whoever is counted has all of it to do."""

    def meanwhile(self, _pid: int) -> None:
        for pid in [fork(self.act) for _other in range(OTHERS)]:
            wait_for(pid)

    def judge(self, tally: Tally) -> None:
        tally.acknowledged += Arrival.objects.exclude(taken_at=None).count()
        past = timezone.now() - timedelta(seconds=1)
        Delivery.objects.exclude(leased_until=None).update(leased_until=past)
        connection.close()
        wait_for(fork(self.act))
        copies = Counter(json.loads(line) for line in self.taken.read_text().splitlines())
        self.taken.write_text("")
        asked = Counter(Delivery.objects.values_list("about", flat=True))
        tally.duplicated += sum(count - 1 for count in (*asked.values(), *copies.values()))
        tally.stored_once += len(asked)
        tally.lost += self.forms - len(asked)
        for delivery in Delivery.objects.all():
            tally.in_doubt += delivery.state == "in doubt"
            tally.lost += delivery.state == "sent" and not copies[delivery.key]


class Unheld(Automatic):
    """The positive control: looks whether somebody asked already, and writes with nothing held."""

    def act(self) -> None:
        for pk in waiting_arrivals():
            about = Arrival.objects.get(pk=pk).ref
            if not Delivery.objects.filter(about=about).exists():
                time.sleep(0.05)
                mail = Outgoing(
                    key=f"<{new_token()}@shop.test>",
                    to=[Address(address="ida@customer.test")],
                    sender=Address(address=mailbox().address),
                    text="Was it you?",
                )
                post(mail, inbox=mailbox(), about=about)
        while outbox.send_next():
            pass
