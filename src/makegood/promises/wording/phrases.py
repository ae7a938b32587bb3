"""What a clause says of who does what: we shall, we shall not, the customer shall, or nothing."""

from dataclasses import dataclass
from enum import Enum
from typing import Any


class Says(Enum):
    """What one clause is, for whoever looks for promises."""

    PROMISE = "we shall do something for the customer"
    OPENS = "we shall, and what follows in the next clause"
    TRIES = "we try or promise to, and what follows in the next clause"
    GOES_ON = "something to be done, by whom the clause before said"
    DENIES = "it is doubted, denied, reported, past, or what usually is"
    NOTHING = "something else"


@dataclass(frozen=True)
class Grammar:
    """The clauses of one language, as expressions over folded words."""

    breaks: frozenset[str]
    """Words before which a clause begins."""
    subordinate: frozenset[str]
    """Of these, the ones after which nothing is promised: if, when, whether."""
    that: frozenset[str]
    """Of these, the one that says of what the clause before spoke: that."""
    that_needs: Any
    """What follows it where it is no pronoun; None where it never is one."""
    fillers: frozenset[str]
    """Words that say nothing beside a time: “by Friday *at the latest*”."""
    heard: Any
    """The customer hears from us: `you will have an answer`."""
    heard_bare: Any
    """The same without a future, after “I'll make sure that”."""
    ours: Any
    """We, and the future: `I'll`, `my colleague will`."""
    us: Any
    """We, whatever we do: who a clause without a subject goes on about."""
    theirs: Any
    others: Any
    does: Any
    """What is done for a customer, after `ours`."""
    begins: Any
    """The same at a clause's very beginning."""
    alone: Any
    """The same without anybody, as a sentence begins: `Will call you`."""
    finite: Any
    """What goes on about us whatever the clause before said, for it has a tense of its own."""
    whole: tuple[tuple[Any, Any], ...]
    """Who and what they do, where a language promises in the present tense."""
    denies: Any
    denies_anywhere: bool
    """Whether a denial may stand behind the verb."""
    tries: Any
    to_do: Any
    assures: Any
    goods: Any
    sends: Any
    hedged: Any


def read_clause(line: str, grammar: Grammar) -> Says:
    """What a clause says by itself. `line` is its folded words with a blank at both ends."""
    if grammar.heard.search(line) and not _denied(line, len(line), grammar):
        return Says.NOTHING if grammar.others.search(line) else Says.PROMISE
    if any(who.search(line) and does.search(line) for who, does in grammar.whole):
        return _unless_denied(line, len(line), grammar)
    ours = grammar.ours.search(line)
    if ours is None:
        return _without_us(line, grammar)
    theirs = None if grammar.whole else grammar.theirs.search(line)
    if theirs and theirs.start() < ours.start():
        return Says.NOTHING
    does = grammar.does.search(line, ours.end() - 1)
    if does:
        return _unless_denied(line, does.end(), grammar)
    if _denied(line, len(line), grammar):
        return Says.DENIES
    return Says.TRIES if grammar.tries.search(line) else Says.OPENS


def _unless_denied(line: str, until: int, grammar: Grammar) -> Says:
    if _denied(line, until, grammar):
        return Says.DENIES
    is_of_orders = grammar.goods.search(line) and grammar.sends.search(line)
    return Says.NOTHING if is_of_orders else Says.PROMISE


def _without_us(line: str, grammar: Grammar) -> Says:
    if _denied(line, len(line), grammar):
        return Says.DENIES
    if grammar.tries.search(line):
        return Says.TRIES
    if grammar.goods.search(line) and grammar.sends.search(line):
        return Says.NOTHING
    return Says.GOES_ON if grammar.begins.search(line) else Says.NOTHING


def _denied(line: str, until: int, grammar: Grammar) -> bool:
    found = grammar.denies.search(line)
    return bool(found) and (grammar.denies_anywhere or found.start() < until)
