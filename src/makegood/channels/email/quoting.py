"""What was written now, and what is quoted or signed: a linear reader of lines.

Nothing is ever lost: every line is either in the text or in the quote. Where answers stand
between quoted lines, all of it is what was written.
"""

from collections.abc import Sequence

from .phrases import (
    ATTRIBUTION_OPENERS,
    ATTRIBUTION_VERBS,
    FORWARDED,
    HEADER_DATES,
    HEADER_FROM,
    HEADER_OTHERS,
    MOBILE_SIGNATURES,
    ORIGINAL_MESSAGE,
)

_ATTRIBUTION_LINES = 3
_ATTRIBUTION_LONGEST = 400
_SIGNATURE_LINES = 15


def split_written(text: str, quote_line: int | None = None) -> tuple[str, str]:
    """(what was written now, what was quoted or signed). `quote_line` is the mail program's hint.

    Where nothing seems to have been written, the whole counts as written: a forwarded mail
    is what its sender wants to show.
    """
    lines = text.split("\n")
    cut, top = _cut(lines, quote_line)
    written, quoted = lines[top:cut], lines[:top] + lines[cut:]
    sign = _signature(written)
    written, signed = written[:sign], written[sign:]
    if not _has_words(written) and _has_words(lines[:top] + lines[cut:]):
        return _tidy(lines), ""
    return _tidy(written), _tidy(signed + quoted)


def _cut(lines: Sequence[str], quote_line: int | None) -> tuple[int, int]:
    """(line from which all is quoted, line up to which all is quoted)."""
    block = _unprefixed_quote(lines, quote_line)
    if block is not None:
        return block, 0
    cut = _trailing_quote(lines)
    top = _leading_quote(lines[:cut]) if cut == len(lines) else 0
    return cut, top


def _unprefixed_quote(lines: Sequence[str], quote_line: int | None) -> int | None:
    """Where an answered mail begins that is not marked line by line, as Outlook quotes."""
    places = [quote_line] if quote_line is not None else []
    for i, line in enumerate(lines):
        if _is_forward(line):
            break
        if _is_separator(line) or _is_header_block(lines, i):
            places.append(_with_rule_above(lines, i))
            break
        length = _attribution(lines, i)
        if length and not _next_is_quoted(lines, i + length):
            places.append(i)
            break
    for place in sorted(places):
        below = lines[place:]
        if _has_words(lines[:place]) and not _is_interleaved(below) and not _forwards(below):
            return place
    return None


def _trailing_quote(lines: Sequence[str]) -> int:
    """Where the quoted lines at the end begin, with the line above that introduces them.

    A signature may stand below the quote.
    """
    for end in (len(lines), _signature(lines)):
        at = _quoted_run(lines, end)
        if at < end:
            return _with_attribution_above(lines, at)
    return len(lines)


def _quoted_run(lines: Sequence[str], end: int) -> int:
    """Where the run of quoted and empty lines that stops at `end` begins."""
    at = end
    found = False
    while at > 0 and (_is_quoted(lines[at - 1]) or not lines[at - 1].strip()):
        at -= 1
        found = found or _is_quoted(lines[at])
    return at if found else end


def _leading_quote(lines: Sequence[str]) -> int:
    """Up to where the mail begins with one quote and the answer stands below it."""
    at = 0
    while at < len(lines) and not lines[at].strip():
        at += 1
    at += _attribution(lines, at)
    begun = at
    while at < len(lines) and (_is_quoted(lines[at]) or not lines[at].strip()):
        at += 1
    quoted = any(_is_quoted(line) for line in lines[begun:at])
    rest = lines[at:]
    return at if quoted and _has_words(rest) and not any(map(_is_quoted, rest)) else 0


def _signature(lines: Sequence[str]) -> int:
    """Where the signature begins; the number of lines where there is none."""
    last = len(lines)
    while last > 0 and not lines[last - 1].strip():
        last -= 1
    for i in range(last - 1, max(-1, last - 1 - _SIGNATURE_LINES), -1):
        if lines[i] in ("-- ", "--", "– ", "__"):
            return i
    if last and _is_mobile_signature(lines[last - 1]):
        return last - 1
    return len(lines)


def _attribution(lines: Sequence[str], at: int) -> int:
    """How many lines from here say “On … Ida wrote:”; none means zero."""
    joined = ""
    for count, line in enumerate(lines[at : at + _ATTRIBUTION_LINES], start=1):
        if not line.strip() or _is_quoted(line):
            return 0
        joined = f"{joined} {line.strip()}".strip()
        if len(joined) > _ATTRIBUTION_LONGEST:
            return 0
        if joined.endswith((":", "：", ":")):
            opened = count == 1 or _opens(lines[at])
            return count if opened and _says_wrote(joined) else 0
    return 0


def _opens(line: str) -> bool:
    """Whether a line can be the first of several that introduce a quote: it says when."""
    words = line.strip().lower()
    has_time = ":" in words and sum(char.isdigit() for char in words) >= 7
    return words.startswith(ATTRIBUTION_OPENERS) or has_time


def _says_wrote(line: str) -> bool:
    words = f" {line.lower().rstrip(':： ')} "
    if any(verb in words for verb in ATTRIBUTION_VERBS):
        return "@" in line or any(char.isdigit() for char in line)
    # Old Gmail has no verb: `2026-03-02 9:00 GMT+01:00 Ida <ida@example.org>:`
    digits = sum(char.isdigit() for char in line)
    return line.endswith(">:") and "@" in line and digits >= 7 and ":" in line[:-1]


def _is_separator(line: str) -> bool:
    words = line.strip()
    return words.startswith("--") and words.strip("- ").lower() in ORIGINAL_MESSAGE


def _is_forward(line: str) -> bool:
    words = line.strip().strip("-:— ").lower()
    return 0 < len(words) <= 60 and words in FORWARDED


def _forwards(lines: Sequence[str]) -> bool:
    return any(_is_forward(line) for line in lines[:8])


def _is_header_block(lines: Sequence[str], at: int) -> bool:
    """`From:` and, close below it, a date and one more: how Outlook introduces a quote."""
    if _label(lines[at]) not in HEADER_FROM:
        return False
    labels = [_label(line) for line in lines[at + 1 : at + 8]]
    return any(label in HEADER_DATES for label in labels) and any(
        label in HEADER_OTHERS for label in labels
    )


def _label(line: str) -> str:
    name, colon, _value = line.strip().strip("*").partition(":")
    return name.strip().strip("*").strip().lower() if colon and len(name) <= 30 else ""


def _with_rule_above(lines: Sequence[str], at: int) -> int:
    """Take in the line of dashes or underscores that stands above a header block."""
    above = at - 1
    while above > 0 and not lines[above].strip():
        above -= 1
    rule = lines[above].strip() if above >= 0 else ""
    return above if len(rule) >= 5 and not rule.strip("_-— ") else at


def _with_attribution_above(lines: Sequence[str], at: int) -> int:
    end = at
    while end > 0 and not lines[end - 1].strip():
        end -= 1
    found = at
    for length in range(1, _ATTRIBUTION_LINES + 1):
        begin = end - length
        if begin >= 0 and _attribution(lines[begin:end], 0) == length:
            found = begin
            if length == 1 and _opens(lines[begin]):
                break
    return found


def _next_is_quoted(lines: Sequence[str], at: int) -> bool:
    following = next((line for line in lines[at : at + 4] if line.strip()), "")
    return _is_quoted(following)


def _is_interleaved(lines: Sequence[str]) -> bool:
    """Whether words stand unquoted below quoted ones: an answer between the lines."""
    seen = False
    sign = _signature(lines)
    for line in lines[:sign]:
        if _is_quoted(line):
            seen = True
        elif seen and line.strip():
            return True
    return False


def _is_quoted(line: str) -> bool:
    return line.lstrip(" ").startswith(">")


def _is_mobile_signature(line: str) -> bool:
    words = line.strip().lower()
    return len(words) <= 80 and words.startswith(MOBILE_SIGNATURES)


def _has_words(lines: Sequence[str]) -> bool:
    return any(line.strip() for line in lines)


def _tidy(lines: Sequence[str]) -> str:
    return "\n".join(lines).strip("\n").rstrip()
