"""False alarms are the enemy: what people really write leaves without a word."""

import sys
from collections import Counter
from collections.abc import Iterator

from makegood.channels.email.corpus import mails
from makegood.channels.email.reading import read
from makegood.guard.checking import check
from makegood.guard.sheet import Sheet
from makegood.sample.writing import voices

AT_MOST = 0.01
HOUSE = "https://desk.lantern.net"
WITH_A_FILE = ("is attached", "adjunta")
"""Two of the sentences say that a file goes along: with it they are in order."""


def answers_of_the_sample_shop() -> Iterator[Sheet]:
    """Everything that its agents say, to customers who speak as they do."""
    for voice in voices()[0]:
        for at, answer in enumerate(voice.answers):
            for name in voice.first[:6]:
                greeting = voice.greetings[at % len(voice.greetings)].replace("{n}", name)
                text = f"{greeting}\n\n{answer.replace('{o}', 'LL-104233')}\n\n{voice.closings[0]}"
                theirs = " ".join(voice.asks[:3]).replace("{o}", "LL-104233")
                files = ["label.pdf"] if any(word in text for word in WITH_A_FILE) else []
                yield Sheet(text=text, theirs=theirs, files=files, house=HOUSE)


def words_of_customers() -> Iterator[Sheet]:
    """What people wrote in the corpus of mails, as if an agent had written it."""
    seen = set()
    for case in mails():
        if case.expected.get("kind", "person") != "person" or "wreck" in case.groups:
            continue
        incoming = read(case.raw, {})
        if incoming.text and incoming.text not in seen:
            seen.add(incoming.text)
            # The corpus lives in .test, which leads nowhere; its people do not.
            yield Sheet(
                text=incoming.text.replace(".test", ".net"),
                files=[part.name for part in incoming.parts],
                house=HOUSE,
            )


def rate(sheets: Iterator[Sheet]) -> tuple[float, int, Counter[str]]:
    count, alarms = 0, Counter[str]()
    wrong = 0
    for sheet in sheets:
        count += 1
        findings = check(sheet)
        wrong += bool(findings)
        alarms.update(f"{one.check} {one.excerpt}" for one in findings)
    return wrong / count, count, alarms


def test_the_sample_shops_answers_raise_no_alarm() -> None:
    share, count, alarms = rate(answers_of_the_sample_shop())
    sys.stdout.write(f"guard: {count} answers, false alarms {share:.2%}\n")
    assert count > 500
    assert share < AT_MOST, alarms.most_common(20)


def test_customers_own_words_raise_next_to_none() -> None:
    share, count, alarms = rate(words_of_customers())
    sys.stdout.write(f"guard: {count} texts of customers, false alarms {share:.2%}\n")
    assert count > 100
    assert share < AT_MOST, alarms.most_common(20)
