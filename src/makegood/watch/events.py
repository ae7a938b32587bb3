from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class AlarmRaised(Fact, kind="alarm.raised"):
    """Something stopped working and lasts: somebody has to put it right."""

    says = _("Alarm: {words}")
    plain = ("cause", "words")

    cause: str
    words: str


@dataclass(frozen=True, kw_only=True)
class AlarmClosed(Fact, kind="alarm.closed"):
    """What an alarm was raised for works again; nobody had to say so."""

    says = _("The alarm is over: {words}")
    plain = ("cause", "words")

    cause: str
    words: str


@dataclass(frozen=True, kw_only=True)
class ProbesSwitched(Fact, kind="inbox.probes"):
    """Somebody switched the test messages of an inbox on or off."""

    says = _("{by} changed whether {inbox_name} is tested (now: {is_on})")
    plain = ("inbox_name",)

    inbox_name: str
    is_on: bool


@dataclass(frozen=True, kw_only=True)
class ReadAgain(Fact, kind="inbox.read_again"):
    """Somebody asked that mails of a server's folder be fetched once more."""

    says = _("{by} had mails {first} to {last} of {inbox_name} fetched again")
    plain = ("inbox_name",)

    inbox_name: str
    first: int
    last: int
