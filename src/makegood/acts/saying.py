"""Acts that say something: a note to us, an answer to the customer. They cannot be undone."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.acts.act import Act, Run
from makegood.acts.filling import LONGEST_TEXT, refuse_unknown_fields
from makegood.conversations.acknowledging import answer_by_machine
from makegood.conversations.actions import add_note
from makegood.conversations.models import Draft
from makegood.conversations.replying import Reply
from makegood.kit.errors import Refused
from makegood.kit.text import fit_for_storage
from makegood.sending.preparing import send_or_ask
from makegood.sending.rules import needs_approval, refuse_past_a_yes
from makegood.team.gates import refuse_unless


def read_text(words: str) -> str:
    text = fit_for_storage(words).strip().replace("\r\n", "\n")
    if not text:
        raise Refused(_("Write what it shall say."))
    if len(text) > LONGEST_TEXT:
        raise Refused(_("That is longer than %(n)s characters.") % {"n": LONGEST_TEXT})
    refuse_unknown_fields(text)
    return text


def refuse_over_a_draft(run: Run, purpose: str) -> None:
    """What is said throws its writer's draft away: here that would be other words than these."""
    own = Draft.objects.filter(conversation=run.conversation, agent=run.by, purpose=purpose)
    if own.exclude(text="").exists() or own.filter(attachments__isnull=False).exists():
        raise Refused(_("You have begun to write here: send that or empty it first."))


def _note_by_rule(kept: str, run: Run) -> str:
    """Whoever reads it shall know that nobody wrote this by hand."""
    words = {"name": run.by.name, "text": run.filled(kept).text}
    text = _("By the rule “%(name)s”: %(text)s") % words
    add_note(run.conversation, text, client_key=f"{run.rule}.{run.cause}"[:64], by=run.by)
    return ""


def _note(kept: str, run: Run) -> None:
    refuse_over_a_draft(run, Draft.Purpose.NOTE)
    add_note(run.conversation, run.filled(kept).text, client_key=run.client_key, by=run.by)


NOTE = Act(
    name="note",
    label=gettext_lazy("Leave a note"),
    icon="sticky-note",
    takes="text",
    read=read_text,
    text=str,
    say=lambda _kept, _run: _("Leave a note"),
    do=_note,
    by_rule=_note_by_rule,
)


def reply_of(text: str, run: Run) -> Reply:
    """What the act says, with its fields filled in and what was agreed to."""
    refuse_unless(run.by, "answer")
    return Reply(
        text=run.filled(text).text,
        seen=run.seen,
        client_key=run.client_key,
        accepted=run.accepted,
    )


def _reply(kept: str, run: Run) -> None:
    refuse_over_a_draft(run, Draft.Purpose.REPLY)
    send_or_ask(run.conversation, reply_of(kept, run), by=run.by)


def _reply_by_rule(kept: str, run: Run) -> str:
    """What nobody looks at leaves as a machine's mail: within budgets, and marked as one.

    Whose own answers wait for a yes gets none past it by letting a rule write them.
    """
    refuse_unless(run.by, "answer")
    refuse_past_a_yes(run.by, run.conversation.inbox_id)
    return answer_by_machine(run.conversation, run.filled(kept).text, run.rule, run.cause)


def _say_reply(_kept: str, run: Run) -> str:
    waits = needs_approval(run.by, run.conversation.inbox_id)
    return _("Ask for approval of an answer") if waits else _("Send an answer")


REPLY = Act(
    name="reply",
    label=gettext_lazy("Send an answer"),
    icon="reply",
    takes="text",
    read=read_text,
    text=str,
    say=_say_reply,
    do=_reply,
    by_rule=_reply_by_rule,
)
