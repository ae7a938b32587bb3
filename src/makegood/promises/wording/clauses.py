"""A sentence in clauses: who speaks of whom, and which time belongs to which promise."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from makegood.promises.wording.phrases import Grammar, Says, read_clause
from makegood.promises.wording.times import Said
from makegood.promises.wording.words import Words


@dataclass(frozen=True)
class Clause:
    """Words between two breaks, and the times that are said in them."""

    words: Words
    begins: int
    ends: int
    times: tuple[Said, ...]
    opens_with: str
    """The word or mark before it."""
    is_bare: bool
    """It says a time and nothing else."""


@dataclass(frozen=True)
class Promised:
    """From which word to which something is promised, and by when."""

    begins: int
    ends: int
    said: Said


@dataclass
class _Before:
    """What the clauses before leave open for the next one."""

    says: Says = Says.NOTHING
    is_us: bool = False
    is_assured: bool = False
    begins: int = 0
    """Where the clause stands that began it."""


def clauses_of(sentence: Words, times: Sequence[Said], grammar: Grammar) -> list[Clause]:
    inside = {number for said in times for number in range(said.begins, said.ends)}
    cuts = [
        number
        for number, word in enumerate(sentence.all)
        if word.folded in grammar.breaks
        and number not in inside
        and _is_break(sentence, number, grammar)
    ]
    found: list[Clause] = []
    for begins, ends in zip([-1, *cuts], [*cuts, len(sentence.all)], strict=True):
        if ends - begins > 1:
            opener = sentence.all[begins].folded if begins >= 0 else ""
            found.append(_clause(sentence, begins + 1, ends, opener, times, grammar))
    return found


def _is_break(sentence: Words, number: int, grammar: Grammar) -> bool:
    """`that` breaks where somebody comes after it; a hyphen where it stands free."""
    words = sentence.all
    if words[number].folded in grammar.that and grammar.that_needs is not None:
        after = words[number + 1].folded if number + 1 < len(words) else ""
        return bool(grammar.that_needs.search(after))
    if words[number].folded == "-" and 0 < number < len(words) - 1:
        return words[number - 1].ends < words[number].begins
    return True


def _clause(
    sentence: Words,
    begins: int,
    ends: int,
    opener: str,
    times: Sequence[Said],
    grammar: Grammar,
) -> Clause:
    within = tuple(said for said in times if begins <= said.begins and said.ends <= ends)
    taken = {number for said in within for number in range(said.begins, said.ends)}
    others = {sentence.all[number].folded for number in range(begins, ends) if number not in taken}
    is_bare = others <= grammar.fillers | {".", "!"}
    return Clause(sentence.part(begins, ends), begins, ends, within, opener, is_bare)


def promises_in(clauses: Sequence[Clause], grammar: Grammar) -> Iterator[Promised]:
    """The promises of a sentence that say a time."""
    before = _Before()
    for number, clause in enumerate(clauses):
        if clause.is_bare:
            continue
        says = _in_turn(clause, before, is_first=not number, grammar=grammar)
        goes_on = says is Says.GOES_ON
        begins = before.begins if goes_on else clause.begins
        if says in (Says.PROMISE, Says.GOES_ON):
            found = _with_time(clauses, number, begins)
            if found:
                yield found
        _remember(before, clause, says, begins, grammar)


def _in_turn(clause: Clause, before: _Before, *, is_first: bool, grammar: Grammar) -> Says:
    """What a clause says after those before it; GOES_ON only where it really goes on with us."""
    line = clause.words.spaced
    if clause.opens_with in grammar.subordinate:
        return Says.NOTHING
    says = read_clause(line, grammar)
    if clause.opens_with in grammar.that:
        return _after_that(line, says, before, grammar)
    if before.says is Says.TRIES and grammar.to_do.search(line):
        return Says.GOES_ON
    if before.says is Says.DENIES and grammar.to_do.search(line):
        return Says.DENIES
    if says is not Says.GOES_ON:
        return says
    if is_first:
        return Says.PROMISE if grammar.alone.search(line) else Says.NOTHING
    if grammar.theirs.search(line) and grammar.whole:
        return Says.NOTHING
    continues = before.says in (Says.PROMISE, Says.OPENS, Says.GOES_ON)
    on_our_own = before.is_us and grammar.finite.search(line)
    return Says.GOES_ON if continues or on_our_own else before.says


def _after_that(line: str, says: Says, before: _Before, grammar: Grammar) -> Says:
    """What follows `that` is promised where the clause before it does not take it back."""
    if before.says is Says.DENIES:
        return Says.DENIES
    if before.is_assured and (says is Says.PROMISE or grammar.heard_bare.search(line)):
        return Says.PROMISE
    return Says.NOTHING if grammar.whole else says


def _remember(before: _Before, clause: Clause, says: Says, begins: int, grammar: Grammar) -> None:
    line = clause.words.spaced
    before.says, before.begins = says, begins
    before.is_us = says is Says.GOES_ON or bool(grammar.us.search(line))
    before.is_assured = says is not Says.DENIES and bool(grammar.assures.search(line))


def _with_time(clauses: Sequence[Clause], number: int, begins: int) -> Promised | None:
    """A promise with the time that stands in its clause, or alone before or after it."""
    clause = clauses[number]
    after = clauses[number + 1] if number + 1 < len(clauses) else None
    if (
        after
        and after.is_bare
        and after.times
        and (not clause.times or after.opens_with in _GOES_ON_WITH)
    ):
        return Promised(begins, after.ends, after.times[-1])
    if clause.times:
        return Promised(begins, clause.ends, clause.times[-1])
    for before in reversed(clauses[:number]):
        if not before.is_bare:
            return None
        if before.times:
            return Promised(min(begins, before.begins), clause.ends, before.times[-1])
    return None


_GOES_ON_WITH = ("or", "oder", ",")
