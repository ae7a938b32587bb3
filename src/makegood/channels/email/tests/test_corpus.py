"""The corpus: odd and hostile mails by the thousand, each understood as it must be."""

from collections import Counter

from makegood.channels.email.corpus import mails
from makegood.channels.email.corpus.checking import differences


def test_every_mail_of_the_corpus_is_understood():
    wrong = [each for case in mails() for each in differences(case)]
    assert not wrong, "\n".join(wrong[:40])


def test_every_mail_of_the_corpus_has_a_name_of_its_own():
    names = Counter(case.name for case in mails())
    assert [name for name, count in names.items() if count > 1] == []


def test_the_corpus_is_large():
    assert sum(1 for _case in mails()) >= 2_000
