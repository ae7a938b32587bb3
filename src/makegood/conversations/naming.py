"""What the names in a question are the names of: only of what whoever asks may see."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from django.conf.locale import LANG_INFO
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from makegood.asking.fields import Field, Vocabulary
from makegood.asking.folding import fold
from makegood.asking.problems import Problem, nearest, problem
from makegood.asking.reading import LONGEST, Asked, read
from makegood.asking.tree import Node, Test, Word, conjuncts, tests
from makegood.channels.models import Inbox
from makegood.channels.queries import inboxes_visible_to
from makegood.channels.registry import CHANNELS
from makegood.conversations.fields import CONVERSATIONS
from makegood.conversations.knowing import PEOPLE
from makegood.conversations.models import Tag
from makegood.conversations.own_fields import (
    Own,
    names_no_known_field,
    own_fields,
    vocabulary_with,
)
from makegood.kit.compiled import Compiled
from makegood.team.models import Agent
from makegood.team.queries import all_agents, teams

MOST_OFFERED = 8
MOST_TAGS = 2000
PERSON_WORDS = ("words", "customer")
CHANNEL_NAMES = {
    "email": ("mail",),
    "web": ("form", "formular"),
    "chat": (),
    "phone": ("telefon", "call"),
    "social": (),
}
"""What channels are called; a question may name one that nobody has connected yet."""


@dataclass(frozen=True)
class Entry:
    """Something with names, and the value by which the database knows it."""

    value: int | str
    names: tuple[str, ...]
    is_by_words: bool = True
    """Whether one word of a name is enough: `nora` is Nora Berg."""

    def is_called(self, word: Word) -> bool:
        asked = fold(word.text)
        return any(
            fold(name).startswith(asked) if word.is_beginning else fold(name) == asked
            for name in self.names
        )

    def has_words(self, word: Word) -> bool:
        asked = set(fold(word.text).split())
        return self.is_by_words and bool(asked) and asked <= set(fold(self.names[0]).split())


@dataclass
class Names:
    """Everything that has a name, as one agent sees it; read when it is first asked for."""

    agent: Agent

    @cached_property
    def own(self) -> Mapping[str, Own]:
        """The shop's own fields, as far as the agent may see them."""
        return own_fields(self.agent.role)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The language with the shop's own fields."""
        return vocabulary_with(self.own)

    def vocabulary_of(self, text: str) -> Vocabulary:
        """The language that a question is in: own fields are looked up only where it has any."""
        return self.vocabulary if names_no_known_field(text) else CONVERSATIONS

    @cached_property
    def inboxes(self) -> Sequence[Inbox]:
        return inboxes_visible_to(self.agent)

    def entries(self, field: str, begins: str = "") -> Iterable[Entry]:
        if field == "assignee" or field in PEOPLE:
            return [Entry(one.pk, (one.name, one.email)) for one in all_agents()]
        if field == "team":
            return [Entry(one.pk, (one.name,)) for one in teams()]
        if field == "inbox":
            return [
                Entry(one.pk, tuple(filter(None, (one.name, one.address)))) for one in self.inboxes
            ]
        if field == "to":
            return [Entry(one.pk, (one.address,), False) for one in self.inboxes if one.address]
        if field == "channel":
            kinds = dict.fromkeys([*CHANNELS, *CHANNEL_NAMES])
            return [Entry(kind, (kind, *CHANNEL_NAMES.get(kind, ()))) for kind in kinds]
        if field == "tag":
            return _tags(begins)
        return self._own_entries(field) if field != "language" else _LANGUAGES

    def _own_entries(self, word: str) -> Iterable[Entry]:
        own = self.own.get(word)
        return [Entry(value, (name,)) for value, name in own.names()] if own else []

    def values(self, field: str, word: Word) -> Sequence[int | str]:
        """What is meant by a name: what is called so, or else whose name has these words."""
        entries = list(self.entries(field, word.text))
        exact = [one.value for one in entries if one.is_called(word)]
        return exact or [one.value for one in entries if one.has_words(word)]

    def offered(self, field: Field, typed: str) -> Sequence[str]:
        """Names that begin so, or that have a word that does."""
        asked = fold(typed)
        found = [
            one.names[0]
            for one in self.entries(field.name, typed)
            if any(fold(name).startswith(asked) for name in one.names)
            or (one.is_by_words and any(w.startswith(asked) for w in fold(one.names[0]).split()))
        ]
        return found[:MOST_OFFERED]


_LANGUAGES = [
    Entry(code, (code, info["name"], info["name_local"]))
    for code, info in LANG_INFO.items()
    if "name" in info
]


def _tags(begins: str) -> Iterable[Entry]:
    """Tags are kept in small letters. Of very many, those that begin as was typed.

    An old name means the tag of today.
    """
    begun, known = begins.lower().strip('"'), _TAGS.all()
    if len(known) > MOST_TAGS:
        tags = Tag.objects.values_list("name", Coalesce("stands_for_id", "pk"))
        found = dict(tags.filter(name__startswith=begun)[:MOST_TAGS])
        found |= dict(tags.filter(stands_for=None)[:MOST_TAGS])
    else:
        found = {name: pk for name, pk, _old in known if name.startswith(begun)}
        found |= {name: pk for name, pk, old in known if old is None}
    return [Entry(pk, (name,), False) for name, pk in found.items()]


_TAGS: Compiled[tuple[str, int, int | None]] = Compiled(
    lambda: Tag.objects.values_list("name", Coalesce("stands_for_id", "pk"), "stands_for")[
        : MOST_TAGS + 1
    ]
)


@dataclass(frozen=True, kw_only=True)
class Understood:
    """A question with everything that it names; or the problems that stand in the way."""

    asked: Asked
    agent: Agent
    names: Names
    vocabulary: Vocabulary = CONVERSATIONS
    values: Mapping[tuple[str, Word], Sequence[int | str]] = field(default_factory=dict)
    problems: Sequence[Problem] = ()

    @property
    def words(self) -> str:
        """The words that everything must have, as one would look for a person by them."""
        tree = self.asked.tree
        parts = conjuncts(tree) if tree is not None and not self.problems else ()
        asked = [one for one in parts if isinstance(one, Test) and one.field in PERSON_WORDS]
        return " ".join(value.text for one in asked for value in one.values[:1])  # type: ignore[union-attr]

    @property
    def names_of_own(self) -> Collection[str]:
        """The shop's own fields that may be asked for here."""
        return () if self.vocabulary is CONVERSATIONS else self.names.own

    @property
    def tree(self) -> Node:
        if self.asked.tree is None or self.problems:
            raise ValueError("Nothing can be found by what was not understood.")
        return self.asked.tree


def understand(text: str, agent: Agent, names: Names | None = None) -> Understood:
    """Read a question and look up its names, as this agent may see them."""
    names = names or Names(agent)
    vocabulary = names.vocabulary_of(text)
    asked = _read(text, vocabulary)
    values: dict[tuple[str, Word], Sequence[int | str]] = {}
    problems = list(asked.problems)
    for name, word in _named(asked.tree, vocabulary):
        found = names.values(name, word)
        if found:
            values[name, word] = found
        else:
            problems.append(_unknown(name, word, names))
    return Understood(
        asked=asked,
        agent=agent,
        names=names,
        vocabulary=vocabulary,
        values=values,
        problems=problems,
    )


def _read(text: str, vocabulary: Vocabulary) -> Asked:
    """What a question says, and what is wrong with it, is so until the language is another."""
    if vocabulary is not CONVERSATIONS or len(text) > LONGEST:
        return read(text, vocabulary)
    return _read_before(text, get_language())


@lru_cache(maxsize=1000)
def _read_before(text: str, _language: str | None) -> Asked:
    return read(text, CONVERSATIONS)


def _named(tree: Node | None, vocabulary: Vocabulary) -> Iterable[tuple[str, Word]]:
    """Every name in the question; `me` and `none` are no names."""
    for test in tests(tree) if tree is not None else ():
        field = vocabulary.named(test.field)
        if field is None or field.kind != "name":
            continue
        for value in test.values:
            if isinstance(value, Word) and not is_special(field, value):
                yield test.field, value


def is_special(field: Field, word: Word) -> bool:
    return not word.is_quoted and field.choice(word.text) is not None


def _unknown(field: str, word: Word, names: Names) -> Problem:
    known = (name for entry in names.entries(field, word.text[:1]) for name in entry.names)
    instead = nearest(word.text, known)
    if instead:
        words = _("There is no %(field)s “%(value)s”. Did you mean “%(instead)s”?")
    else:
        words = _("There is no %(field)s “%(value)s”.")
    told = {"field": field, "value": word.text, "instead": instead}
    return problem(word.span, words % told, instead)
