"""What a template left behind: fields that nobody filled in, and greetings of nobody."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from makegood.guard.sheet import Finding, Severity, Sheet
from makegood.guard.speech import any_of
from makegood.kit.rx import rx

_FIELD = (
    r"(?:(?:your|ihr|dein|customer|client|kunden?|first|last|full|agent|order|bestell|shop|store|"
    r"company|firmen?|product|tracking|invoice|insert|vor|nach|nom du|nombre del|nome do|the)?"
    r"[ _.-]*(?:name|nummer|number|no|nr|id|date|datum|time|link|url|address|adresse|e-?mail|"
    r"phone|amount|betrag|price|preis|product|produkt|code|city|salutation|anrede|greeting|"
    r"signature|agent|customer|kunde|prénom|nom|nombre|apellido|nome|cognome|cliente|pedido|naam|"
    r"imię|nazwisko|firstname|lastname|fname|lname|company|order)(?:[ _.-]*here)?)"
)
_SURE = rx(
    r"\{\{[^{}\n]{0,80}\}\}"
    r"|\{%[^%\n]{1,80}%\}"
    r"|\$\{[\w.]{1,60}\}"
    r"|%\([\w.]{1,60}\)[sd]"
    r"|\*\|[A-Z_:]{2,40}\|\*"
    r"|<<\s*[A-Z][A-Z0-9_ ]{1,40}\s*>>"
    rf"|<<?\s*(?i:{_FIELD})\s*>>?"
    rf"|[\[{{]\s*(?i:{_FIELD})\s*[\]}}]"
    r"|\{[a-z][a-z0-9]*(?:[_.][a-z0-9]+){1,4}\}"
    r"|##[A-Z_]{3,40}##"
    r"|(?i:\blorem\s+ipsum\b)"
)
_DOUBTFUL = rx(
    r"\{[A-Za-z][A-Za-z0-9]{1,40}\}"
    r"|\[[A-Z][A-Z_]{2,40}(?: [A-Z_]{2,40}){0,4}\]"
    r"|<<\s*[A-Za-z_]{2,40}\s*>>"
)
_LOOSE = rx(r"(?:^|[\s(:,])(%[sd]|X{3,}|TODO:|FIXME:?|%[A-Z][A-Z_]{2,40}%)(?:[\s),.:;!?]|$)")
_CODE = rx(r"`[^`\n]*`")
_SALUTATION = rx(
    rf"^[ \t]*((?:{any_of('dear')})[ \t]*,|(?:{any_of('hello')})[ \t]+,|"
    rf"(?:{any_of('dear')}|{any_of('hello')})[ \t]+(?:null|undefined|none|nan|n/a)\b[^\n]{{0,20}})",
    ignore_case=True,
)
_NOBODY = rx(r"\b(?:null|undefined|none|nan)\b", ignore_case=True)


def placeholders(sheet: Sheet) -> Iterator[Finding]:
    """Fields of a template that nobody filled in. In code between backticks it is asked."""
    text = sheet.written
    code = [match.span() for match in _CODE.finditer(text)]
    reason, doubt = _("A blank was not filled in:"), _("Was this meant to be filled in?")
    way = _("Put in what belongs there, or take it out.")
    taken: list[tuple[int, int]] = []
    for pattern, group, severity in (
        (_SURE, 0, Severity.REFUSE),
        (_DOUBTFUL, 0, Severity.QUESTION),
        (_LOOSE, 1, Severity.QUESTION),
    ):
        for match in pattern.finditer(text):
            span = match.span(group)
            if sheet.is_theirs(match.group(group)) or _lies_in(span, taken):
                continue
            taken.append(span)
            is_asked = severity == Severity.QUESTION or _lies_in(span, code)
            weight = Severity.QUESTION if is_asked else severity
            yield sheet.found("placeholder", weight, doubt if is_asked else reason, span, way=way)


def _lies_in(span: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in others)


def empty_salutation(sheet: Sheet) -> Iterator[Finding]:
    """`Dear ,` greets nobody, and `Dear null,` nobody of that name."""
    start = len(sheet.subject) + 1
    for line in sheet.written[start:].split("\n")[:3]:
        match = _SALUTATION.search(line)
        if match:
            span = (start + match.start(1), start + match.end(1))
            is_sure = bool(_NOBODY.search(match.group(1)))
            severity = Severity.REFUSE if is_sure else Severity.QUESTION
            reason, way = _("The greeting names nobody:"), _("Write whom you greet.")
            yield sheet.found("salutation", severity, reason, span, way=way)
        start += len(line) + 1
