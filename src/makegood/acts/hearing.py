"""How a customer sounds, as an agent hears it: said in the place of what the words alone told."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.acts.act import Act, Run, Words
from makegood.acts.portraits import Portrait
from makegood.conversations.actions import set_mood
from makegood.conversations.models import Conversation
from makegood.kit.errors import Refused

Mood = Conversation.Mood


def _read(words: str) -> str:
    asked = words.strip().lower()
    for one in Mood:
        if asked in (one.value, str(one.label).lower()):
            return str(one.value)
    known = ", ".join(Mood.values)
    raise Refused(_("A mood is one of %(known)s.") % {"known": known})


def _moods() -> Sequence[tuple[str, Words]]:
    return [(one.value, one.label) for one in Mood]


def _say(kept: str, run: Run) -> str:
    if run.conversation.mood == kept:
        return ""
    return _("Hear the mood as %(word)s") % {"word": Mood(kept).label}


def _set_back(_kept: str, run: Run, before: Portrait) -> None:
    set_mood(run.conversation, before["mood"], is_told=before["mood_told"], by=run.by)


MOOD = Act(
    name="mood",
    label=gettext_lazy("Mood"),
    icon="smile",
    takes="mood",
    read=_read,
    tell=lambda kept: str(Mood(kept).label),
    choices=_moods,
    say=_say,
    do=lambda kept, run: set_mood(run.conversation, kept, by=run.by),
    back=_set_back,
    touches=("mood", "mood_told"),
    is_so=lambda kept, now, _by: (now["mood"], now["mood_told"]) == (kept, True),
)
