"""A file that is spoken of and does not go along."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from makegood.guard.sheet import Finding, Severity, Sheet
from makegood.guard.speech import any_of
from makegood.kit.rx import rx

_ATTACHED = rx(
    rf"(?:^|[^\p{{L}}\p{{N}}])({any_of('attached')})(?:[^\p{{L}}\p{{N}}]|$)", ignore_case=True
)
_GLUED = rx(rf"({any_of('glued')})")
_NOT_NOW = rx(
    rf"(?:^|[^\p{{L}}\p{{N}}])(?:{any_of('not_now')})(?:[^\p{{L}}\p{{N}}]|$)", ignore_case=True
)
_GLUED_NOT_NOW = rx(rf"(?:{any_of('glued_not_now')})")
_ENDS = rx(r"[.!?。！？\n]")


def missing_files(sheet: Sheet) -> Iterator[Finding]:
    """Words that promise a file, where none goes along. Theirs or an earlier one is none."""
    if sheet.files:
        return
    text = sheet.written
    for match in [*_ATTACHED.finditer(text), *_GLUED.finditer(text)]:
        sentence = _sentence_around(text, match.span(1))
        if _NOT_NOW.search(sentence) or _GLUED_NOT_NOW.search(sentence):
            continue
        reason, way = _("This speaks of a file, and none goes along:"), _("Add the file.")
        yield sheet.found("file", Severity.QUESTION, reason, match.span(1), way=way)
        return


def _sentence_around(text: str, span: tuple[int, int]) -> str:
    """The sentence that a place stands in."""
    before = [found.end() for found in _ENDS.finditer(text[: span[0]])]
    after = _ENDS.search(text[span[1] :])
    end = span[1] + after.start() if after else len(text)
    return text[before[-1] if before else 0 : end]
