"""Acts by which words leave in another way: later, after a lead's yes, or to somebody else."""

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.acts.act import Act, Run
from makegood.acts.rests import THE_CUSTOMER, read_rest, rest_of, tell_rest
from makegood.acts.saying import read_text, refuse_over_a_draft, reply_of
from makegood.beside.actions import begin_thread
from makegood.beside.quoting import quote_conversation
from makegood.beside.recipients import read_recipients
from makegood.beside.saying import Wish as Letter
from makegood.conversations.models import Draft
from makegood.kit.errors import Refused
from makegood.kit.text import one_line
from makegood.sending.models import Prepared
from makegood.sending.preparing import Wish, prepare_answer
from makegood.sending.rules import refuse_past_a_yes

State = Prepared.State


def _two(words: str) -> tuple[str, str]:
    """The first line says when or to whom, what stands below it is the text."""
    first, _line, text = words.strip().replace("\r\n", "\n").partition("\n")
    return first.strip(), text.strip()


def _begins(words: str) -> str:
    return _two(words)[1]


def _read_later(words: str) -> str:
    first, text = _two(words)
    when = read_rest(first)
    if when == THE_CUSTOMER or when.startswith("conversation:"):
        raise Refused(_("Say in the first line when it leaves: 3h, 2d, tomorrow."))
    return f"{when}\n{read_text(text)}"


def _send_later(kept: str, run: Run) -> None:
    refuse_over_a_draft(run, Draft.Purpose.REPLY)
    when, text = _two(kept)
    wish = Wish(state=State.LATER, due_at=rest_of(when, run.by).until)
    prepare_answer(run.conversation, reply_of(text, run), wish, by=run.by)


def _say_later(kept: str, run: Run) -> str:
    due = timezone.localtime(rest_of(_two(kept)[0], run.by).until, run.by.zone)
    when = formats.date_format(due, "SHORT_DATETIME_FORMAT")
    return _("Send an answer on %(when)s, unless the customer writes first") % {"when": when}


LATER = Act(
    name="later",
    label=gettext_lazy("Send an answer later"),
    icon="clock",
    takes="later",
    read=_read_later,
    tell=lambda kept: f"{tell_rest(_two(kept)[0])}: {_begins(kept)}",
    text=_begins,
    say=_say_later,
    do=_send_later,
    is_for_rules=False,
)


def _ask(kept: str, run: Run) -> None:
    refuse_over_a_draft(run, Draft.Purpose.REPLY)
    prepare_answer(run.conversation, reply_of(kept, run), Wish(state=State.ASKING), by=run.by)


APPROVAL = Act(
    name="approval",
    label=gettext_lazy("Ask for approval of an answer"),
    icon="shield-question-mark",
    takes="text",
    read=read_text,
    text=str,
    say=lambda _kept, _run: _("Ask for approval of an answer"),
    do=_ask,
    is_for_rules=False,
)


def _read_letter(words: str) -> str:
    first, text = _two(words)
    to = read_recipients(first)
    if not to:
        raise Refused(_("Say in the first line to whom it goes: an address, or several."))
    return f"{', '.join(one.address for one in to)}\n{read_text(text)}"


def _forward(kept: str, run: Run) -> None:
    """Everything that was said, to somebody else, in a thread of its own beside it."""
    refuse_past_a_yes(run.by, run.conversation.inbox_id)
    to, text = _two(kept)
    letter = Letter(
        to=read_recipients(to),
        subject=one_line(_("Fwd: %(subject)s") % {"subject": run.conversation.subject}, 250),
        text=run.filled(text).text,
        quoted=quote_conversation(run.conversation),
        client_key=run.client_key,
        accepted=run.accepted,
        is_forward=True,
    )
    begin_thread(run.conversation, letter, by=run.by)


def _say_forward(kept: str, _run: Run) -> str:
    return _("Forward everything that was said to %(who)s") % {"who": _two(kept)[0]}


FORWARD = Act(
    name="forward",
    label=gettext_lazy("Forward"),
    icon="external-link",
    takes="letter",
    read=_read_letter,
    tell=lambda kept: f"{_two(kept)[0]}: {_begins(kept)}",
    text=_begins,
    say=_say_forward,
    do=_forward,
    is_for_rules=False,
)
