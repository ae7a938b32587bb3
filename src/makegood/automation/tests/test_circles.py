"""Any rules, set off by anything, come to an end, and do what a plain Python reading says."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makegood.automation.depths import DEEPEST, MOST_IN_A_CHAIN
from makegood.automation.models import Rule, Run
from makegood.automation.tests.rig import let_rules_work, made
from makegood.conversations.actions import resolve_conversation, set_priority, tag_conversation
from makegood.conversations.models import Conversation, Tag
from makegood.team.models import Agent
from tests.world import conversation_of, write_form

TRIGGERS = ("tagged", "priority_changed", "resolved", "reopened", "assigned", "unassigned")
CONDITIONS = ("", "tag:a", "-tag:a", "tag:b", "priority:high", "is:open", "is:resolved",
              "assignee:none", "tag:a OR priority:low", "-(tag:b is:open)")  # fmt: skip
ACTS = (("tag", "a"), ("tag", "-a"), ("tag", "b"), ("tag", "-b, a"), ("priority", "high"),
        ("priority", "low"), ("resolve", ""), ("reopen", ""), ("assign", "nobody"),
        ("assign", "Olga"))  # fmt: skip
BEGINNINGS = ("tag", "priority", "resolve")
Asked = tuple[str, str, list[tuple[str, str]], bool]
RULES = st.lists(
    st.tuples(
        st.sampled_from(TRIGGERS),
        st.sampled_from(CONDITIONS),
        st.lists(st.sampled_from(ACTS), min_size=1, max_size=2),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
)


@dataclass
class Oracle:
    """Rules, read as one would explain them: a queue of what happened, and a list of rules."""

    rules: list[Asked]
    tags: set[str] = field(default_factory=set)
    priority: str = "normal"
    status: str = "open"
    assignee: str = "nobody"
    queue: deque[tuple[str, int]] = field(default_factory=deque)
    ran: list[tuple[int, int, str]] = field(default_factory=list)

    def begin(self, what: str) -> None:
        first = {"tag": ("tag", "a"), "priority": ("priority", "high"), "resolve": ("resolve", "")}
        self.act(*first[what], 0)
        while self.queue:
            self.ask(*self.queue.popleft())

    def ask(self, kind: str, depth: int) -> None:
        for number, (trigger, condition, acts, stops) in enumerate(self.rules):
            if trigger != kind or not self.holds(condition):
                continue
            if depth >= DEEPEST or len(self.ran) >= MOST_IN_A_CHAIN:
                self.ran.append((number, depth + 1, "circle"))
            elif all(self.is_so(*one) for one in acts):
                self.ran.append((number, depth + 1, "same"))
            else:
                self.ran.append((number, depth + 1, "done"))
                for one in acts:
                    self.act(*one, depth + 1)
            if stops:
                return

    def holds(self, condition: str) -> bool:
        answers = {
            "": True, "tag:a": "a" in self.tags, "-tag:a": "a" not in self.tags,
            "tag:b": "b" in self.tags, "priority:high": self.priority == "high",
            "is:open": self.status == "open", "is:resolved": self.status == "resolved",
            "assignee:none": self.assignee == "nobody",
            "tag:a OR priority:low": "a" in self.tags or self.priority == "low",
            "-(tag:b is:open)": not ("b" in self.tags and self.status == "open"),
        }  # fmt: skip
        return answers[condition]

    def after(self, do: str, words: str) -> tuple[str, Any, str]:
        """What changes, to what, and the fact that tells it."""
        if do == "tag":
            off = {"-a": {"a"}, "-b, a": {"b"}}.get(words, set())
            on = {"a": {"a"}, "b": {"b"}, "-b, a": {"a"}}.get(words, set())
            return "tags", (self.tags | on) - off, "tagged"
        if do == "priority":
            return "priority", words, "priority_changed"
        if do == "assign":
            return "assignee", words, "unassigned" if words == "nobody" else "assigned"
        return "status", *{"resolve": ("resolved", "resolved"), "reopen": ("open", "reopened")}[do]

    def is_so(self, do: str, words: str) -> bool:
        name, value, _kind = self.after(do, words)
        return bool(getattr(self, name) == value)

    def act(self, do: str, words: str, depth: int) -> None:
        name, value, kind = self.after(do, words)
        if getattr(self, name) != value:
            setattr(self, name, value)
            self.queue.append((kind, depth))


def begin(one: Conversation, what: str, by: Agent) -> None:
    if what == "tag":
        tag_conversation(one, ["a"], by=by)
    elif what == "priority":
        set_priority(one, Conversation.Priority.HIGH, by=by)
    else:
        resolve_conversation(one, by=by)


def seen(one: Conversation) -> tuple[set[str], str, str, bool]:
    one.refresh_from_db()
    tags = set(one.tags.values_list("name", flat=True))
    name = Conversation.Priority(one.priority).name.lower()
    return tags, name, one.status, one.assignee_id is None


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rules=RULES, what=st.sampled_from(BEGINNINGS))
def test_any_rules_end_and_do_what_the_oracle_says(
    form: Any, olga: Agent, rules: list[Asked], what: str
) -> None:
    oracle = Oracle(rules)
    oracle.begin(what)
    # No example is rolled back: on PostgreSQL the reader would wait for its numbers.
    Rule.objects.update(is_on=False, removed_at=timezone.now())
    Tag.objects.bulk_create([Tag(name="a"), Tag(name="b")], ignore_conflicts=True)
    address = f"{Conversation.objects.count()}@example.com"
    one = conversation_of(write_form(form, "Lamp?", at=timezone.now(), email=address))
    numbers = {}
    for number, (trigger, condition, acts, stops) in enumerate(rules):
        typed = [(do, olga.ref if words == "Olga" else words) for do, words in acts]
        rule = made(
            f"Rule {number}", f"conversation.{trigger}", *typed, by=olga,
            condition=condition, stops_here=stops,
        )  # fmt: skip
        numbers[rule.pk] = number
    begin(one, what, olga)
    let_rules_work()
    runs = Run.objects.filter(conversation=one).order_by("pk")
    found = [(numbers[run.rule_id], run.depth, run.state) for run in runs]
    assert found == oracle.ran
    is_free = oracle.assignee == "nobody"
    assert seen(one) == (oracle.tags, oracle.priority, oracle.status, is_free)


def test_rules_that_multiply_end_after_fifty_runs(form: Any, olga: Agent) -> None:
    Tag.objects.create(name="a")
    for name in ("One", "Two", "Three"):
        made(name, "conversation.tagged", ("tag", "a"), ("tag", "-a"), by=olga)
    one = conversation_of(write_form(form, "Lamp?", at=timezone.now()))
    tag_conversation(one, ["a"], by=olga)
    let_rules_work()
    assert Run.objects.filter(state=Run.State.DONE).count() <= MOST_IN_A_CHAIN
    assert Run.objects.filter(state=Run.State.CIRCLE).exists()
