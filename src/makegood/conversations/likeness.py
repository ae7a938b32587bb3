"""What two matters have in common: subjects, order numbers, words. Only ever a hint for agents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import BigAutoField
from django.utils.translation import gettext as _

from makegood.channels.interface import Automatic, Incoming
from makegood.conversations.models import Conversation, Message
from makegood.conversations.standing import standing_number
from makegood.kit.compiled import Compiled

ANSWER_MARKS = ("re:", "aw:", "sv:", "antw:", "fwd:", "fw:", "wg:", "rép:", "odp:", "rif:")
LOOKED_AT = 5
"""How many of a customer's newest conversations are compared."""
LETTERS = 3_000
"""Letters of a text that are compared."""
LONG_QUIET = timedelta(days=60)
VERY_LONG_QUIET = timedelta(days=365)
_CJK = "\u2e80"


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """An earlier conversation that a new one looks like, and why in the agents' words."""

    conversation: Conversation
    reason: str


def likeness_of(incoming: Incoming, customer: int, *, besides: int = 0) -> Likeness | None:
    """The customer's recent conversation with the same subject or the same order number."""
    recent = _RECENT.all(customer, besides)
    if not recent:
        return None
    subject = bare_subject(incoming.subject)
    for one in recent:
        if subject and bare_subject(one.subject) == subject:
            return _like(one, _("The same customer and the same subject"))
    numbers = order_numbers(f"{incoming.subject}\n{incoming.text[:LETTERS]}")
    for one in recent if numbers else ():
        shared = [each for each in order_numbers(_said_in(one)) if each in numbers]
        if shared:
            words = _("The same customer and the same number, %(number)s")
            return _like(one, words % {"number": shared[0]})
    return None


_RECENT: Compiled[Conversation] = Compiled(
    lambda customer, besides: (
        Conversation.objects.filter(customer=customer)
        .exclude(pk=besides)
        .exclude(status=Conversation.Status.SPAM)
        .order_by("-last_at")[:LOOKED_AT]
    ),
    BigAutoField(),
    BigAutoField(),
)


def _like(conversation: Conversation, reason: str) -> Likeness:
    number = standing_number(conversation.pk)
    return Likeness(conversation=Conversation.objects.get(pk=number), reason=reason)


def _said_in(conversation: Conversation) -> str:
    texts = conversation.messages.order_by("-pk").values_list("text", flat=True)[:10]
    return "\n".join([conversation.subject, *(text[:LETTERS] for text in texts)])


def bare_subject(subject: str) -> str:
    """A subject without its answer marks, for comparing only."""
    bare = " ".join(subject.lower().split())
    while True:
        mark = next((mark for mark in ANSWER_MARKS if bare.startswith(mark)), None)
        if mark is None:
            return bare
        bare = bare.removeprefix(mark).strip()


def order_numbers(text: str) -> Sequence[str]:
    """Words that can be the number of an order: `#1001`, `LL-20417`, `100045`."""
    found = []
    for word in text.split():
        bare = word.strip(".,;:!?()[]<>\"'„“”").lower()
        number = bare.lstrip("#").removeprefix("nr.").removeprefix("no.")
        digits = sum(letter in "0123456789" for letter in number)
        if not 4 <= digits <= 14 or len(number) > 20 or not _is_number(number):
            continue
        is_plain = digits == len(number)
        is_named = bare.startswith("#") or not is_plain
        if is_named or (digits >= 5 and not number.startswith("0")):
            found.append(number)
    return list(dict.fromkeys(found))


def _is_number(word: str) -> bool:
    """Letters and digits with dashes at most: not a date, an address or a price."""
    bare = word.replace("-", "")
    is_date = word.count("-") >= 2 and bare.isdigit()
    return bare.isascii() and bare.isalnum() and not is_date


def new_matter(incoming: Incoming, conversation: Conversation, at: datetime) -> str:
    """Why something that joins seems to be about something else; empty where it does not.

    Careful: it is attached all the same, and an agent decides.
    """
    if incoming.automatic != Automatic.NOT:
        return ""
    if _is_other_subject(incoming.subject, conversation):
        subject = incoming.subject[:120]
        return _("It has another subject: “%(subject)s”") % {"subject": subject}
    quiet = at - max(conversation.last_at, conversation.resolved_at or conversation.last_at)
    if quiet > VERY_LONG_QUIET:
        return _("It came more than a year after the last word")
    if quiet > LONG_QUIET and _is_unrelated(incoming.text, conversation):
        return _("It came long after the last word, and speaks of other things")
    return ""


def _is_other_subject(subject: str, conversation: Conversation) -> bool:
    words = significant(bare_subject(subject))
    if not words or not significant(bare_subject(conversation.subject)):
        return False
    if words & significant(conversation.subject.lower()):
        return False
    said = _SUBJECTS.all(conversation.pk)
    return not any(words & significant(one.lower()) for (one,) in said)


_SUBJECTS: Compiled[tuple[str]] = Compiled(
    lambda conversation: (
        Message.objects.filter(conversation=conversation)
        .order_by("-pk")
        .values_list("subject")[:20]
    ),
    BigAutoField(),
)


def _is_unrelated(text: str, conversation: Conversation) -> bool:
    words = significant(text[:LETTERS].lower())
    known = significant(_said_in(conversation).lower())
    return len(words) >= 5 and len(known) >= 5 and not words & known


def significant(text: str) -> set[str]:
    """Words of five letters and more, numbers, and pairs of signs where words have no gaps."""
    found: set[str] = set()
    for word in text.split():
        bare = word.strip(".,;:!?()[]<>{}\"'„“”«»#*-–—/\\|_…。、！？：")
        if any(sign >= _CJK for sign in bare):
            found.update(bare[at : at + 2] for at in range(len(bare) - 1))
        elif len(bare) >= 5 or (len(bare) >= 3 and bare.isdigit()):
            found.add(bare)
    return found
