"""The corpus: odd and hostile mails by the thousand, each understood as it must be."""

import json
import random
import re
from collections import Counter
from functools import cache

import pytest

from makegood.channels.email.corpus import mails
from makegood.channels.email.corpus.checking import differences
from makegood.channels.email.explaining import explanation
from makegood.channels.email.reading import understand

PIECES = [
    b"\n\n", b"\r", b"\0", b"--b\n", b"--b--", b"=?utf-8?Q?", b"<", b'"', b"(", b"> ", b"-- \n",
    b"Content-Type: multipart/mixed\n", b"Content-Transfer-Encoding: base64\n", b"begin 644 x\n",
]  # fmt: skip


def test_every_mail_of_the_corpus_is_understood():
    wrong = [each for case in mails() for each in differences(case)]
    assert not wrong, "\n".join(wrong[:40])


def test_every_mail_of_the_corpus_has_a_name_of_its_own():
    names = Counter(case.name for case in mails())
    assert [name for name, count in names.items() if count > 1] == []


def test_the_corpus_is_large():
    assert sum(1 for _case in mails()) >= 7_900


@pytest.mark.parametrize("seed", range(10))
def test_no_mutant_of_the_corpus_breaks_the_reader(seed):
    whole = short_mails()
    chance = random.Random(seed)
    for _mutant in range(1_000):
        raw = mutant(chance, whole)
        told = explanation(understand(raw, {}))
        assert json.dumps(told).encode()
        says = told["text"].strip() or told["attachments"] or told["troubles"]
        assert says or not has_words(raw), raw


@cache
def short_mails() -> list[bytes]:
    return [case.raw for case in mails() if len(case.raw) < 20_000]


def mutant(chance: random.Random, others: list[bytes]) -> bytes:
    """A mail with some bytes cut out, put in, turned round, doubled or taken from another."""
    raw = bytearray(chance.choice(others))
    for _change in range(chance.randint(1, 6)):
        at = chance.randrange(len(raw) + 1)
        change = chance.randrange(5)
        if change == 0:
            del raw[at : at + chance.randint(1, 40)]
        elif change == 1:
            raw[at:at] = chance.randbytes(chance.randint(1, 6))
        elif change == 2:
            raw[at:at] = raw[at : at + chance.randint(1, 80)]
        elif change == 3:
            raw[at:at] = chance.choice(PIECES)
        else:
            other = chance.choice(others)
            begin = chance.randrange(len(other) + 1)
            raw[at:at] = other[begin : begin + chance.randint(1, 200)]
    return bytes(raw)


def has_words(raw: bytes) -> bool:
    """Whether there is something below the headers that a person could read."""
    body = re.split(rb"\r?\n\r?\n|\r\r", raw.lstrip(), maxsplit=1)[1:]
    words = re.compile(rb"^[A-Za-z]{4,}[A-Za-z ,.]*$", re.MULTILINE)
    return bool(body) and words.search(body[0]) is not None
