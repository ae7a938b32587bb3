"""Which of several questions holds of one conversation, asked by the house and not by a person.

The house sees everything and is nobody: a question about "me" is not one that it can ask.
"""

from collections.abc import Mapping, Sequence, Set
from datetime import datetime

from django.utils.translation import gettext as _

from makegood.asking.tree import Test, Word, tests
from makegood.conversations.conditions import Conditions, is_text
from makegood.conversations.fields import CONVERSATIONS
from makegood.conversations.listing import ask
from makegood.conversations.naming import Names, Understood, understand
from makegood.conversations.sql import EVERYTHING, Sql
from makegood.kit.errors import Refused
from makegood.team.models import Agent

PERSONAL = ("me", "unread", "mine", "draft")


def house_names() -> Names:
    """Everything that has a name, as nobody in particular sees it."""
    return Names(Agent(role=Agent.Role.OWNER, is_active=True, name="Makegood"))


def understood_by_the_house(text: str, names: Names | None = None) -> Understood:
    names = names or house_names()
    return understand(text, names.agent, names)


def refuse_what_the_house_cannot_ask(text: str) -> None:
    """Raises `Refused` with the first problem of a question, or where it is about whoever asks."""
    understood = understood_by_the_house(text)
    if understood.problems:
        raise Refused(understood.problems[0].words)
    for test in tests(understood.tree) if text.strip() else ():
        if _is_personal(test):
            words = _("“%(said)s” is about whoever asks; here nobody does.")
            said = ", ".join(value.text for value in test.values if isinstance(value, Word))
            raise Refused(words % {"said": f"{test.field}:{said}"})


def asks_for_words(text: str) -> bool:
    """Whether it asks for words, which the index knows only a moment later."""
    tree = understood_by_the_house(text).asked.tree if text.strip() else None
    return tree is not None and any(is_text(test) for test in tests(tree))


def _is_personal(test: Test) -> bool:
    field = CONVERSATIONS.named(test.field)
    for value in test.values:
        if field is not None and isinstance(value, Word) and not value.is_quoted:
            choice = field.choice(value.text)
            if choice is not None and choice.name in PERSONAL:
                return True
    return False


def first_that_holds(questions: Sequence[str], conversation: int, now: datetime) -> int | None:
    """The place of the first question that holds of a conversation; None where none does.

    An empty question holds of all; one that is not understood any more holds of none.
    """
    whens, values, names = list[str](), list[object](), house_names()
    for place, text in enumerate(questions):
        condition = _condition(text, names, now)
        if condition is None:
            continue
        if condition is EVERYTHING and not whens:
            return place
        whens.append(f"WHEN {condition.text} THEN {place}")
        values += condition.values
    if not whens:
        return None
    sql = f"SELECT CASE {' '.join(whens)} END FROM conversations_conversation c WHERE c.id = %s"  # noqa: S608
    rows = ask(sql, [*values, conversation])
    return next((place for (place,) in rows), None)


def which_hold(
    questions: Sequence[str], conversations: Sequence[int], now: datetime
) -> Mapping[str, Set[int]]:
    """Of each question the conversations of which it holds, in one query for all of them."""
    names = house_names()
    asked = {text: one for text in questions if (one := _condition(text, names, now)) is not None}
    held: dict[str, set[int]] = {text: set() for text in questions}
    if not asked or not conversations:
        return held
    columns = ", ".join(f"CASE WHEN {one.text} THEN 1 ELSE 0 END" for one in asked.values())
    values = [value for one in asked.values() for value in one.values]
    numbers = ", ".join(str(int(pk)) for pk in conversations)
    sql = f"SELECT c.id, {columns} FROM conversations_conversation c WHERE c.id IN ({numbers})"  # noqa: S608
    for pk, *holds in ask(sql, values):
        for text, does in zip(asked, holds, strict=True):
            if does:
                held[text].add(pk)
    return held


def _condition(text: str, names: Names, now: datetime) -> Sql | None:
    if not text.strip():
        return EVERYTHING
    understood = understood_by_the_house(text, names)
    if understood.problems:
        return None
    return Conditions(understood, now).of(understood.tree)
