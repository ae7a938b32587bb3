"""The kinds of notices, the ways by which they come, and what is usual."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class Kind(models.TextChoices):
    """Why something concerns an agent; where several are true, the first counts."""

    CALLED = "called", _("I am called for help with a promise")
    UNKEPT = "unkept", _("A promise of mine was broken")
    AT_RISK = "at_risk", _("A promise of mine is at risk")
    ORDERS = "orders", _("Orders are late or soon will be, and I look after them")
    MENTION = "mention", _("I am mentioned")
    ASSIGNED = "assigned", _("I am given a conversation")
    APPROVAL = "approval", _("An answer waits for my approval")
    YES_WANTED = "yes_wanted", _("A colleague asks for my yes to a make-good")
    YES_GIVEN = "yes_given", _("What I asked a yes for was answered")
    DISPUTED = "disputed", _("A dispute opens, goes on, or is won or lost")
    STOPPED = "stopped", _("My answer was stopped or sent back")
    UNDELIVERED = "undelivered", _("My answer did not get there")
    CHAT_WAITS = "chat_waits", _("A new chat waits, and is nobody’s")
    CHAT_SAID = "chat_said", _("A visitor writes in a chat that is mine or that I follow")
    ANSWER = "answer", _("A customer writes in what is mine or what I follow")
    COLLEAGUE = "colleague", _("A colleague answers or notes something in what I follow")
    WOKE = "woke", _("What is mine wakes up")
    MOVED = "moved", _("What waits for me goes on, while I am away")


class Way(models.TextChoices):
    """How a notice reaches an agent."""

    PAGE = "page", _("Here")
    PUSH = "push", _("This browser")
    MAIL = "mail", _("Mail")
    SOUND = "sound", _("Sound")


PAGE, PUSH, MAIL = Way.PAGE, Way.PUSH, Way.MAIL
USUAL: dict[str, frozenset[str]] = {
    Kind.CALLED: frozenset({PAGE, PUSH, MAIL}),
    Kind.UNKEPT: frozenset({PAGE, PUSH, MAIL}),
    Kind.AT_RISK: frozenset({PAGE, PUSH}),
    Kind.ORDERS: frozenset({PAGE, MAIL}),
    Kind.MENTION: frozenset({PAGE, PUSH, MAIL}),
    Kind.ASSIGNED: frozenset({PAGE, PUSH, MAIL}),
    Kind.APPROVAL: frozenset({PAGE, PUSH, MAIL}),
    Kind.YES_WANTED: frozenset({PAGE, PUSH}),  # a mail of its own goes at once
    Kind.YES_GIVEN: frozenset({PAGE, PUSH, MAIL}),
    Kind.DISPUTED: frozenset({PAGE, PUSH, MAIL}),
    Kind.STOPPED: frozenset({PAGE, PUSH, MAIL}),
    Kind.UNDELIVERED: frozenset({PAGE, PUSH, MAIL}),
    Kind.CHAT_WAITS: frozenset({PUSH}),
    Kind.CHAT_SAID: frozenset({PAGE, PUSH}),
    Kind.ANSWER: frozenset({PAGE, PUSH, MAIL}),
    Kind.COLLEAGUE: frozenset({PAGE}),
    Kind.WOKE: frozenset({PAGE, MAIL}),
    Kind.MOVED: frozenset({PAGE}),
}


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a notice of one kind is told."""

    icon: str
    words: Words = ""
    """With `{by}`; without words, as the event says itself."""


LOOKS: dict[str, Look] = {
    Kind.CALLED: Look(icon="life-buoy", words=_("Your help is needed: a promise is late")),
    Kind.UNKEPT: Look(icon="circle-alert", words=_("A promise was broken")),
    Kind.AT_RISK: Look(icon="alarm-clock", words=_("A promise is at risk")),
    Kind.ORDERS: Look(icon="package", words=_("Orders are late, or soon will be")),
    Kind.MENTION: Look(icon="at-sign", words=_("{by} mentioned you")),
    Kind.ASSIGNED: Look(icon="hand", words=_("{by} gave this to you")),
    Kind.APPROVAL: Look(icon="shield-check", words=_("{by} asks you to approve an answer")),
    Kind.YES_WANTED: Look(icon="shield-question-mark"),
    Kind.YES_GIVEN: Look(icon="shield-check"),
    Kind.DISPUTED: Look(icon="shield-alert"),
    Kind.STOPPED: Look(icon="circle-alert"),
    Kind.UNDELIVERED: Look(icon="triangle-alert", words=_("Your answer did not get there")),
    Kind.CHAT_WAITS: Look(icon="message-circle", words=_("{by} waits in the chat")),
    Kind.CHAT_SAID: Look(icon="message-circle", words=_("{by} wrote in the chat")),
    Kind.ANSWER: Look(icon="mail", words=_("{by} wrote")),
    Kind.COLLEAGUE: Look(icon="message-square"),
    Kind.WOKE: Look(icon="alarm-clock", words=_("This woke up")),
    Kind.MOVED: Look(icon="corner-down-right", words=_("You were away: this went on")),
}
