"""The act that promises a customer something by a time: `tomorrow noon: I write to you again`.

What stands before the colon is a time, in English or in German, reckoned from the moment in which
the act is done; behind it stand the words. `done` before the time is for what somebody must do:
the next answer does not keep it. The customer hears of it only where an answer says it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.acts.act import Act, Run
from makegood.acts.filling import refuse_unknown_fields
from makegood.acts.portraits import Portrait, has_part
from makegood.kit.errors import Refused
from makegood.kit.text import one_line
from makegood.promises.actions import Word, make_promise, withdraw_promise
from makegood.promises.models import Promise
from makegood.promises.sentences import here_of, in_words, sentence_of, spoken_with
from makegood.promises.wording.due import When, due_at
from makegood.promises.wording.naming import time_named
from makegood.team.gates import refuse_unless
from makegood.team.models import Agent

GAP, DONE = ": ", "done "
UNDONE = "undone"
LONGEST = 250


@dataclass(frozen=True, kw_only=True)
class Meant:
    """What an act promises: by when, in which words, and whether an answer keeps it."""

    when: When
    words: str
    is_kept_by_writing: bool


def _meant(kept: str) -> Meant:
    time, _gap, words = kept.partition(GAP)
    is_done = time.lower().startswith(DONE)
    when = time_named(time[len(DONE) :] if is_done else time)
    if when is None:
        raise Refused(_("Say by when first: 2 h, tomorrow noon, Friday; words may follow a colon."))
    if is_done and not words:
        raise Refused(_("Say what will be done, behind a colon."))
    return Meant(when=when, words=words.strip(), is_kept_by_writing=not is_done)


def _read(typed: str) -> str:
    kept = one_line(typed, LONGEST)
    meant = _meant(kept)
    refuse_unknown_fields(meant.words)
    return kept


def _word(kept: str, run: Run) -> Word:
    """The promise as it is given now. By a rule it is nobody's own: whoever has this keeps it."""
    meant, here = _meant(kept), here_of(run.conversation, run.by, timezone.now())
    due = due_at(meant.when, here)
    if due is None:
        raise Refused(_("That time has passed, or never comes: choose another."))
    words = run.filled(meant.words).text if meant.words else ""
    return Word(
        words=words or sentence_of(due, here.zone, spoken_with(run.conversation)),
        due_at=due.replace(microsecond=0),
        owner=None if run.rule else run.by,
        is_kept_by_writing=meant.is_kept_by_writing,
    )


def _say(kept: str, run: Run) -> str:
    word = _word(kept, run)
    given = Promise.objects.filter(conversation=run.conversation, settled_at=None, kind="personal")
    if given.filter(words=word.words).exists():
        return ""
    zone = here_of(run.conversation, run.by, timezone.now()).zone
    told = {"words": word.words, "when": in_words(word.due_at, zone)}
    return _("Promise by %(when)s: “%(words)s”") % told


def _do(kept: str, run: Run) -> None:
    refuse_unless(run.by, "answer")
    if _say(kept, run):
        make_promise(run.conversation, _word(kept, run), by=run.by)


def _back(kept: str, run: Run, before: Portrait) -> None:
    """What it promised is taken back, and no other word."""
    had = {pk for pk, _words in before["promised"]}
    given = Promise.objects.filter(conversation=run.conversation, settled_at=None, kind="personal")
    for promise in given.exclude(pk__in=had).order_by("pk"):
        if _is_own(kept, promise.words):
            withdraw_promise(promise, reason=UNDONE, by=run.by)


def _is_own(kept: str, words: str) -> bool:
    """Whether a promise may be of this act: by its words, where they are always the same."""
    said = _meant(kept).words
    return not said or "{" in said or said == words


def _is_promised(kept: str, now: Portrait, _by: Agent) -> bool:
    said = _meant(kept).words
    return bool(said) and any(words == said for _pk, words in now["promised"])


def _own_promises(kept: str, part: Portrait) -> Portrait:
    return {"promised": [one for one in part["promised"] if _is_own(kept, one[1])]}


def _promised(pks: Sequence[int], _agent: Agent) -> Mapping[int, list[list[int | str]]]:
    """The words given that are to be kept, by their numbers."""
    given = Promise.objects.filter(conversation__in=pks, settled_at=None, kind="personal")
    found: dict[int, list[list[int | str]]] = {}
    for conversation, pk, words in given.order_by("pk").values_list("conversation", "pk", "words"):
        found.setdefault(conversation, []).append([pk, words])
    return found


has_part("promised", _promised, otherwise=[])

PROMISE = Act(
    name="promise",
    label=gettext_lazy("Promise"),
    icon="clock",
    takes="promise",
    read=_read,
    say=_say,
    do=_do,
    back=_back,
    touches=("promised",),
    own_part=_own_promises,
    is_so=_is_promised,
)
