"""From stories to rows: every table that the real actions would have written, kept in step."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from makegood.conversations.events import (
    Assigned,
    ConversationOpened,
    MessageReceived,
    NoteAdded,
    Reopened,
    Replied,
    Resolved,
    Snoozed,
    Tagged,
)
from makegood.customers.events import CustomerSeen
from makegood.kit.ids import new_token
from makegood.kit.text import one_line
from makegood.ledger.bulk import Told
from makegood.mood.reading import mood_of
from makegood.sample import writing
from makegood.sample.plan import DAY, Person, Step, Story

NEW = "Refers to nothing that we know"
REPLY = "Came to the reply address that only {} was given"

CUSTOMER = ("id", "name", "language", "first_seen_at", "last_seen_at")
HANDLE = ("id", "customer_id", "kind", "address", "name")
CONVERSATION = (
    "id", "public_id", "inbox_id", "customer_id", "subject", "status", "turn", "turn_since",
    "snoozed_until", "assignee_id", "team_id", "opened_at", "resolved_at", "last_at",
    "last_message", "last_incoming", "preview", "has_attachment", "priority", "mood",
)  # fmt: skip
PARTICIPANT = ("conversation_id", "handle_id", "state", "joined_at")
MESSAGE = (
    "id", "conversation_id", "inbox_id", "direction", "handle_id", "agent_id", "author_name",
    "subject", "text", "quoted", "html", "at", "said_at", "external_id", "to", "cc", "trust",
    "trust_reason", "joined_because", "automatic", "troubles", "delivery_state",
    "delivery_trouble", "told",
)  # fmt: skip
NOTE = ("id", "conversation_id", "agent_id", "text", "at")
ATTACHMENT = (
    "message_id", "file_id", "name", "content_type", "cid", "is_inline",
)  # fmt: skip
TAGGED = ("conversation_id", "tag_id")
SEEN = ("agent_id", "conversation_id", "message")


@dataclass
class Numbers:
    """The next number of each table that events speak of."""

    conversation: int
    customer: int
    handle: int
    message: int
    note: int


@dataclass
class Stock:
    """What the desk is made of besides its stories."""

    agents: dict[int, str]
    answering: dict[int, list[int]]
    inboxes: dict[int, str]
    tags: dict[str, int]
    files: list[tuple[int, str, str]]
    moment: Callable[[float], Any]
    random: Random
    common_every: int = 100
    rare_every: int = 150_000


@dataclass
class Rows:
    """One batch, table by table, with the events in the order of their time."""

    customers: list[tuple[Any, ...]] = field(default_factory=list)
    handles: list[tuple[Any, ...]] = field(default_factory=list)
    conversations: list[tuple[Any, ...]] = field(default_factory=list)
    participants: list[tuple[Any, ...]] = field(default_factory=list)
    messages: list[tuple[Any, ...]] = field(default_factory=list)
    notes: list[tuple[Any, ...]] = field(default_factory=list)
    attachments: list[tuple[Any, ...]] = field(default_factory=list)
    tagged: list[tuple[Any, ...]] = field(default_factory=list)
    seen: list[tuple[Any, ...]] = field(default_factory=list)
    events: list[Told] = field(default_factory=list)


@dataclass(slots=True)
class _State:
    """How a conversation stands after its last step."""

    turn: str = "ours"
    turn_since: float = 0.0
    last_at: float = 0.0
    last_message: int = 0
    last_incoming: int = 0
    preview: str = ""
    has_attachment: bool = False
    mood: str = ""
    is_assigned: bool = False


class Chronicle:
    """Tells a batch of stories in the order of time, numbering as it goes."""

    def __init__(self, stock: Stock, numbers: Numbers) -> None:
        self.stock = stock
        self.numbers = numbers
        self.rows = Rows()
        self.states: dict[int, _State] = {}

    def tell(self, stories: list[Story]) -> Rows:
        steps = sorted((step for story in stories for step in story.steps), key=lambda s: s.at)
        told: dict[str, Callable[[Step, Story, _State], None]] = {
            "in": self._incoming,
            "out": self._outgoing,
            "note": self._note,
            "tag": self._tag,
            "resolve": self._resolve,
            "reopen": self._reopen,
            "snooze": self._snooze,
        }
        for step in steps:
            story = step.story
            state = self.states.get(story.number)
            if state is None:
                state = self.states[story.number] = self._open(step, story)
            told[step.kind](step, story, state)
        for story in stories:
            self._close(story, self.states[story.number])
        return self.rows

    def _say(self, fact: Any, about: tuple[str, ...], by: tuple[str, str], at: float) -> None:
        self.rows.events.append(Told(fact, about, by[0], by[1], round(at)))

    def _agent(self, story: Story) -> tuple[str, str]:
        return f"agent:{story.agent}", self.stock.agents[story.agent]

    def _open(self, step: Step, story: Story) -> _State:
        person, at = story.person, self.stock.moment(round(step.at))
        if person.is_new:
            self._meet(person, step.at)
        person.last_seen = max(person.last_seen, step.at)
        self.rows.participants.append((story.number, person.handle, "active", at))
        self._say(
            ConversationOpened(conversation=story.number, reason=NEW),
            (f"conversation:{story.number}", f"customer:{person.customer}", f"inbox:{story.inbox}"),
            (f"customer:{person.customer}", person.name),
            step.at,
        )
        return _State(turn_since=step.at)

    def _meet(self, person: Person, at: float) -> None:
        person.is_new = False
        moment = self.stock.moment(round(at))
        language = person.voice.language
        self.rows.customers.append((person.customer, person.name, language, moment, moment))
        self.rows.handles.append(
            (person.handle, person.customer, "email", person.address, person.name)
        )
        self._say(
            CustomerSeen(name=person.name, address=person.address),
            (f"customer:{person.customer}", f"handle:{person.handle}"),
            ("system:email", ""),
            at,
        )

    def _incoming(self, step: Step, story: Story, state: _State) -> None:
        person, random = story.person, self.stock.random
        text = writing.asks(person.voice, person.name, story.order, random) + self._afterword()
        reason = REPLY.format(person.address) if state.last_message else NEW
        trust = "verified" if random.random() < 0.8 else "unverified"
        number = self._message(step, story, text, (person, None, reason, trust))
        if random.random() < 0.04:
            file, name, content_type = random.choice(self.stock.files)
            self.rows.attachments.append((number, file, name, content_type, "", False))
            state.has_attachment = True
        if state.turn != "ours" or not state.last_message:
            state.turn, state.turn_since = "ours", step.at
        state.last_incoming, state.mood = number, mood_of(text) or ""
        person.last_seen = max(person.last_seen, step.at)
        self._moved(state, number, step, text)
        self._say(
            MessageReceived(message=number, reason=reason, automatic="", trust=trust),
            self._about(number, story),
            (f"customer:{person.customer}", person.name),
            step.at,
        )

    def _outgoing(self, step: Step, story: Story, state: _State) -> None:
        by, person = self._agent(story), story.person
        text = writing.answers(person.voice, person.name, by[1], story.order, self.stock.random)
        text += self._afterword()
        if not state.is_assigned:
            state.is_assigned = True
            fact = Assigned(assignee=by[1], agent=story.agent, team=None)
            self._say(fact, (f"conversation:{story.number}", by[0]), by, step.at)
        number = self._message(step, story, text, (person, by[1], "", ""))
        state.turn, state.turn_since = "theirs", step.at
        self._moved(state, number, step, text)
        self._say(Replied(message=number), self._about(number, story), by, step.at)

    def _about(self, number: int, story: Story) -> tuple[str, ...]:
        return (
            f"message:{number}",
            f"conversation:{story.number}",
            f"customer:{story.person.customer}",
            f"inbox:{story.inbox}",
        )

    def _message(
        self, step: Step, story: Story, text: str, who: tuple[Person, str | None, str, str]
    ) -> int:
        person, agent, reason, trust = who
        number = self.numbers.message
        self.numbers.message += 1
        at, ours = self.stock.moment(round(step.at)), self.stock.inboxes[story.inbox]
        is_ours = agent is not None
        domain = ours.partition("@")[2] if is_ours else person.address.partition("@")[2]
        self.rows.messages.append((
            number, story.number, story.inbox, "outgoing" if is_ours else "incoming",
            None if is_ours else person.handle, story.agent if is_ours else None,
            agent or person.name, story.subject, text, "", "", at, None if is_ours else at,
            f"<{number}.{story.number}@{domain}>",
            json.dumps([person.address if is_ours else ours]), "[]", trust, "", reason, "", "[]",
            "sent" if is_ours else "", "", "{}",
        ))  # fmt: skip
        return number

    def _afterword(self) -> str:
        """The words for measuring, in as many messages as they are meant to stand in."""
        number = self.numbers.message
        words = [writing.COMMON_WORD] if number % self.stock.common_every == 7 else []
        if number % self.stock.rare_every == 11:
            words.append(writing.RARE_WORD)
        return f"\n\nPS: {' '.join(words)}" if words else ""

    def _moved(self, state: _State, number: int, step: Step, text: str) -> None:
        state.last_message, state.last_at = number, step.at
        state.preview = one_line(text, 200)

    def _note(self, step: Step, story: Story, state: _State) -> None:
        number = self.numbers.note
        self.numbers.note += 1
        text = writing.note(story.person.voice, self.stock.random)
        at = self.stock.moment(round(step.at))
        self.rows.notes.append((number, story.number, story.agent, text, at))
        about = (f"note:{number}", f"conversation:{story.number}")
        self._say(NoteAdded(note=number), about, self._agent(story), step.at)

    def _tag(self, step: Step, story: Story, state: _State) -> None:
        self.rows.tagged += [(story.number, self.stock.tags[tag]) for tag in story.tags]
        words = " ".join(f"+{tag}" for tag in sorted(story.tags))
        about = (f"conversation:{story.number}",)
        self._say(Tagged(words=words), about, self._agent(story), step.at)

    def _resolve(self, step: Step, story: Story, state: _State) -> None:
        about = (f"conversation:{story.number}", f"customer:{story.person.customer}")
        self._say(Resolved(), about, self._agent(story), step.at)

    def _reopen(self, step: Step, story: Story, state: _State) -> None:
        about = (f"conversation:{story.number}",)
        self._say(Reopened(), about, self._agent(story), step.at)

    def _snooze(self, step: Step, story: Story, state: _State) -> None:
        fact = Snoozed(until=self._wakes_at(story).isoformat())
        self._say(fact, (f"conversation:{story.number}",), self._agent(story), step.at)

    def _wakes_at(self, story: Story) -> Any:
        from datetime import UTC, datetime  # only the few that rest need a clock

        ahead = (story.number % 30 + 1) * DAY
        return datetime.fromtimestamp(max(story.status_at, self.now) + ahead, UTC)

    now = 0.0

    def _close(self, story: Story, state: _State) -> None:
        moment, random = self.stock.moment, self.stock.random
        wakes = moment(self._wakes_at(story).timestamp()) if story.status == "snoozed" else None
        resolved = moment(round(story.status_at)) if story.status == "resolved" else None
        self.rows.conversations.append((
            story.number, new_token(), story.inbox, story.person.customer, story.subject,
            story.status, state.turn, moment(round(state.turn_since)), wakes,
            story.agent if state.is_assigned else None, None,
            moment(round(story.steps[0].at)), resolved, moment(round(state.last_at)),
            state.last_message, state.last_incoming, state.preview, state.has_attachment,
            _urgency(story.number), state.mood,
        ))  # fmt: skip
        if state.is_assigned and (story.status == "resolved" or random.random() < 0.6):
            self.rows.seen.append((story.agent, story.number, state.last_message))


def _urgency(number: int) -> int:
    """Of fifty one is urgent, three are high and two are low: all the others are normal."""
    return {7: 1, 13: 2, 29: 2, 41: 2, 17: 4, 33: 4}.get(number * 31 % 50, 3)
