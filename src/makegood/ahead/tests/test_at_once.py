"""Several who tell the same customer at once: on PostgreSQL, where they can."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection

from makegood.ahead.models import Prepared, Telling
from makegood.ahead.preparing import prepare, send_prepared
from makegood.ahead.telling import Letter, tell
from makegood.ahead.tests.test_first_to_tell import LETTER, at, silent
from makegood.ahead.tests.test_sending import moment
from makegood.authority.queries import taken_for
from makegood.channels.models import Delivery
from makegood.errands.doing import run_next_errand
from makegood.kit.errors import Refused
from makegood.makegoods.models import Makegood
from tests.parcelled import stated

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
WORKERS = 6


def all_at_once(*works: Callable[[], object]) -> Counter[str]:
    """How each ended: done, refused, or what broke."""
    gate, ended = threading.Barrier(len(works)), list[str]()

    def run(work: Callable[[], object]) -> None:
        gate.wait(20)
        try:
            work()
            ended.append("done")
        except Refused:
            ended.append("refused")
        except Exception as trouble:  # noqa: BLE001  # whatever it is, it is told
            ended.append(f"{type(trouble).__name__}: {trouble}")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    with at(7.1):
        for one in threads:
            one.start()
        for one in threads:
            one.join(timeout=60)
    return Counter(ended)


def test_one_letter_and_one_coupon_however_many_tell(olga, nora, mailbox, lamps):
    """Half of them with a coupon, half without: whoever is first is the only one."""
    stated(olga)
    slip = silent()
    letters = (Letter(texts=LETTER.texts, amends="least"), LETTER)

    def work(number: int) -> Callable[[], object]:
        by, letter = (olga, nora)[number % 2], letters[number % 2]
        return lambda: (prepare if letter.amends else tell)(slip, letter, by=by)

    ended = all_at_once(*(work(number) for number in range(WORKERS)))
    assert ended == {"done": 1, "refused": WORKERS - 1}
    assert Telling.objects.count() + Prepared.objects.count() == 1
    assert Makegood.objects.count() == Prepared.objects.count()


def test_a_prepared_letter_leaves_once_however_many_look(olga, mailbox, lamps):
    stated(olga)
    slip = silent()
    with at(7.1):
        one = prepare(slip, Letter(texts=LETTER.texts, amends="least"), by=olga)
        run_next_errand()
    ended = all_at_once(*(lambda: send_prepared(moment(7.1)) for _worker in range(WORKERS)))
    assert ended == {"done": WORKERS}
    assert Telling.objects.count() == Delivery.objects.count() == 1
    assert lamps.times_for(one.makegood.ref) == 1
    assert taken_for(slip.order.ref, "EUR") == one.makegood.face_minor
