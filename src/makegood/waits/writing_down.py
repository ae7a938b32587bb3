"""Waits are written down as they end, in the transaction of what ended them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import BigAutoField

from makegood.calendars.hours import Hours
from makegood.calendars.queries import hours_of
from makegood.channels.models import Inbox
from makegood.conversations.models import Conversation
from makegood.kit.compiled import Compiled
from makegood.kit.remembering import remembered
from makegood.ledger.models import Event
from makegood.waits.models import Unanswered, Wait
from makegood.waits.standing import (
    Book,
    Ended,
    Standing,
    conversations_in,
    plain,
    step,
    words_in,
)

KEPT = ("inbox", "words", "settled", "answers", "is_spam", "into")


def write_down(events: Sequence[Event]) -> None:
    """Go on with the book from what these events say, and write down what ended."""
    book = _book_for(events)
    before = {one.conversation: row_of(one) for one in book.standings.values()}
    for event in events:
        step(event, book)
    _keep(book.standings.values(), before)
    if book.ended:
        numbers = {one.standing.conversation for one in book.ended}
        teams = dict(Conversation.objects.filter(pk__in=numbers).values_list("pk", "team"))
        for one in book.ended:
            one.team = teams[one.standing.conversation]
        write_waits(book.ended)
    note_taken_back(book.taken_back)


def note_taken_back(taken_back: Iterable[Ended]) -> None:
    """The answer that ended these was never said."""
    for one in taken_back:
        rows = Wait.objects.filter(event=one.event, conversation=one.standing.conversation)
        rows.update(taken_back_at=one.taken_back_at)


def _book_for(events: Iterable[Event]) -> Book:
    events = list(events)
    wanted = {number for event in events for number in conversations_in(event)}
    book = Book()
    while wanted:
        found = [_standing(row) for row in _rows_of(wanted)]
        book.standings |= {one.conversation: one for one in found}
        wanted = {one.into for one in found if one.into} - book.standings.keys()
    answers = [one.facts["message"] for one in events if one.kind == "message.taken_back"]
    if answers:
        rows = Wait.objects.filter(answer__in=answers, taken_back_at=None)
        book.answered = {row.answer or 0: _ended(row, book) for row in rows}
    return book


_ROW_OF: Compiled[Unanswered] = Compiled(
    lambda conversation: Unanswered.objects.filter(conversation=conversation), BigAutoField()
)


def _rows_of(wanted: set[int]) -> Iterable[Unanswered]:
    """Mostly of one: that question is asked of everything that is said."""
    if len(wanted) == 1:
        return _ROW_OF.all(*wanted)
    return Unanswered.objects.filter(conversation__in=wanted)


def _standing(row: Unanswered) -> Standing:
    return Standing(
        conversation=row.conversation_id,
        inbox=row.inbox,
        words=words_in(row.words),
        settled=words_in(row.settled),
        answers=row.answers,
        is_spam=row.is_spam,
        into=row.into,
    )


def _ended(row: Wait, book: Book) -> Ended:
    return Ended(
        standing=book.of(row.conversation_id),
        words=words_in(row.words),
        ended_at=row.ended_at,
        end=row.end,
        is_first=row.is_first,
        event=row.event,
        agent=row.agent_id,
        answer=row.answer,
    )


def row_of(one: Standing) -> Unanswered:
    return Unanswered(
        conversation_id=one.conversation,
        inbox=one.inbox,
        words=plain(one.words),
        settled=plain(one.settled),
        answers=one.answers,
        is_spam=one.is_spam,
        into=one.into,
    )


def _is_same(one: Unanswered, other: Unanswered) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in KEPT)


def _keep(standings: Iterable[Standing], before: Mapping[int, Unanswered]) -> None:
    rows = {one.conversation: row_of(one) for one in standings}
    new = [row for number, row in rows.items() if number not in before]
    changed = [
        row
        for number, row in rows.items()
        if number in before and not _is_same(row, before[number])
    ]
    if new:
        Unanswered.objects.bulk_create(new)
    if len(changed) == 1:
        Unanswered.objects.filter(pk=changed[0].pk).update(
            **{name: getattr(changed[0], name) for name in KEPT}
        )
    elif changed:
        Unanswered.objects.bulk_update(changed, KEPT, batch_size=500)


def write_waits(ended: Iterable[Ended]) -> None:
    """A row for each, with its length by the clock and within the opening hours."""
    ended = list(ended)
    inboxes = Inbox.objects.in_bulk({one.standing.inbox for one in ended})
    hours = {pk: hours_at(inbox) for pk, inbox in inboxes.items()}
    rows = [
        _wait(one, inboxes[one.standing.inbox], hours[one.standing.inbox])
        for one in ended
        if one.standing.inbox in inboxes
    ]
    Wait.objects.bulk_create(rows, batch_size=500)


def _wait(one: Ended, inbox: Inbox, hours: Hours | None) -> Wait:
    began_at = one.words[0].at
    return Wait(
        conversation_id=one.standing.conversation,
        inbox=inbox,
        channel=inbox.kind,
        team_id=one.team,
        agent_id=one.agent,
        began_at=began_at,
        ended_at=one.ended_at,
        seconds=round((one.ended_at - began_at).total_seconds()),
        open_seconds=open_seconds(began_at, one.ended_at, hours),
        end=one.end,
        is_first=one.is_first,
        answer=one.answer,
        words=plain(one.words),
        event=one.event,
        taken_back_at=one.taken_back_at,
    )


def open_seconds(began_at: datetime, ended_at: datetime, hours: Hours | None) -> int:
    """How much of it somebody was to be there; all of it where the shop has not said when."""
    counted = hours.counted(began_at, ended_at) if hours else ended_at - began_at
    return round(counted.total_seconds())


def hours_at(inbox: Inbox) -> Hours | None:
    """The opening hours of an inbox: its own, its teams', or the standard ones."""

    def ask() -> Hours | None:
        teams = inbox.teams.order_by("pk").values_list("pk", flat=True)
        return hours_of(inbox.ref, *(f"team:{pk}" for pk in teams))

    return remembered(f"hours at {inbox.ref}", ask)
