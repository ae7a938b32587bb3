"""How a quote is introduced: “On … Ida wrote:”, blocks of From and Sent, lines of dashes."""

from collections.abc import Sequence
from dataclasses import dataclass

from makegood.kit.rx import rx

from .languages import FORWARDED, LABEL_KINDS, ORIGINAL, SPEAKERS, VERBS
from .phrases import FORM_LABELS

_LINES = 4
_LONGEST = 320
_BLOCK_LINES = 14
_ISOLATES = range(0x2066, 0x206A)
_INVISIBLE = dict.fromkeys(
    [0xAD, 0x61C, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *_ISOLATES]
)
_DIGITS = {first + i: str(i) for first in (0x660, 0x6F0, 0x966, 0xFF10) for i in range(10)}
_PLAIN = str.maketrans({**_INVISIBLE, **_DIGITS, 0x3000: " ", 0xA0: " ", 0x202F: " ", 0xFF1A: ":"})
_DASHES = "-‐‑‒–—―_=*#~<>«»➖─ \t"
_TIME = rx(r"\d{1,2} ?[:.h٫][ ]?\d{2}|\d{1,2} ?(?:時|时|点|點|시|h\b|uhr|klo)")
_DATE = rx(
    r"\b\d{4}\b|\d{1,4} ?[./\-] ?\d{1,2} ?[./\-] ?\d{2,4}|\d{4} ?[年년]|'\d\d\b|\d{1,2} ?[月월]"
)
_ENDS_WITH_MAIL = rx(r"[<(\[«\"] ?(?:mailto:)?[^\s<>@]+@[^\s<>@]+ ?[>)\]»\"]+ ?,? ?:?$")
_ANGLE_MAIL = rx(r"[<(\[«] ?(?:mailto:)?[^\s<>@]+@[^\s<>@]+ ?[>)\]»]")
_MAIL = rx(r"[^\s<>@()]@[^\s<>@()]+\.[^\s<>@()]{2}|@\S")
_LONG = tuple(known for known in (*FORWARDED, *ORIGINAL) if len(known) > 9)


@dataclass(frozen=True, slots=True)
class Opening:
    """Where an answered or forwarded mail begins."""

    start: int
    body: int
    """The first line after the introduction."""
    is_strong: bool = True
    """Whether it can stand above a quote that is not marked line by line."""
    is_forward: bool = False


def plain(line: str) -> str:
    """A line without marks of direction, with our digits and our colon."""
    return line.translate(_PLAIN).strip()


def is_quoted(line: str) -> bool:
    """Whether the line is marked as said by somebody else before."""
    return line.lstrip(" \t").startswith((">", "＞")) or (">" in line[1:4] and _has_initials(line))


def _has_initials(words: str) -> bool:
    """`NL> …`: some programs put the letters of a name before the mark."""
    letters = words.partition(">")[0]
    return letters.isalpha() and letters.isupper()


def opening_at(lines: Sequence[str], at: int) -> Opening | None:
    """The introduction that begins at, or just above a block at, this line."""
    words = plain(lines[at])
    if not words or is_quoted(words):
        return None
    return (
        _by_dashes(lines, at, words) or _by_block(lines, at, words) or _by_words(lines, at, words)
    )


def _by_dashes(lines: Sequence[str], at: int, words: str) -> Opening | None:
    bare = words.strip(_DASHES + ":.").lower()
    if not bare or len(bare) > 160:
        return None
    dashed = len(words) - len(words.lstrip(_DASHES)) >= 2
    if "above this line" in bare or "reply above" in bare:
        return Opening(at, at + 1)
    known = bare if bare in ORIGINAL or bare in FORWARDED else _known_start(bare, dashed)
    if not known and not dashed:
        return None
    near = _next_words(lines, at + 1)
    block = header_block(lines, near, sure=True) if near < len(lines) else 0
    framed = dashed and words.endswith(("--", "‐‐", "—", "==", "__", "**"))
    if not known:
        if framed and block:
            return Opening(at, near + block)
        return _framed(lines, at, words)
    if not (dashed or block or words.endswith(":")):
        return None
    if not block and near < len(lines):
        inner = _by_words(lines, near, plain(lines[near]))
        block = inner.body - near if inner else 0
    return Opening(at, near + block if block else at + 1, is_forward=known in FORWARDED)


def _framed(lines: Sequence[str], at: int, words: str) -> Opening | None:
    """`---- On … Ida wrote ----`, as Zoho writes it, on up to three lines."""
    joined = words
    for end in range(at, min(len(lines), at + 3)):
        joined = words if end == at else f"{joined} {plain(lines[end])}"
        if joined.endswith(("--", "‐‐", "—", "==", "__", "**")) and len(joined) < _LONGEST:
            sure = _strength(joined.strip("-–—=* "), has_end=True) == 2
            return Opening(at, end + 1) if sure else None
    return None


def _known_start(bare: str, dashed: bool) -> str:
    """`Forwarded by Ida Berg on …`: the known words with more after them."""
    if not dashed or not bare.startswith(_LONG):
        return ""
    return next(known for known in _LONG if bare.startswith(known))


def _by_block(lines: Sequence[str], at: int, words: str) -> Opening | None:
    rule = _is_rule(words)
    begin = _next_words(lines, at + 1) if rule else at
    if begin >= len(lines) or begin > at + 4:
        return None
    length = header_block(lines, begin, sure=rule)
    if rule and not length:
        return _by_labels_and_words(lines, at, begin)
    return Opening(at, begin + length) if length and (rule or not _shown(lines, at)) else None


def _shown(lines: Sequence[str], at: int) -> bool:
    """`Their server told me:` – below it a person shows us a few lines, and writes on."""
    return at > 0 and lines[at - 1].rstrip().endswith((":", "："))


def _by_labels_and_words(lines: Sequence[str], at: int, begin: int) -> Opening | None:
    """A line drawn across, To and Subject below it, and only then who wrote when (Yandex)."""
    end = begin
    while end < min(len(lines), begin + 4) and label_kinds(lines[end]) & {"to", "subject", "cc"}:
        end += 1
    words = plain(lines[end]) if begin < end < len(lines) else ""
    inner = _by_words(lines, end, words) if words else None
    return Opening(at, inner.body) if inner else None


def _is_rule(words: str) -> bool:
    return len(words) >= 5 and not words.strip(_DASHES)


def header_block(lines: Sequence[str], at: int, *, sure: bool = False) -> int:
    """How many lines say From, Sent, To and Subject, as Outlook introduces a quote."""
    kinds = label_kinds(lines[at])
    if not kinds & {"from", "date", "to", "subject"}:
        return 0
    if _is_flat_block(lines[at]):
        return 1
    seen: set[str] = set()
    has_mail = False
    last = at
    strays = 0
    for i in range(at, min(len(lines), at + _BLOCK_LINES)):
        line = plain(lines[i])
        kinds = label_kinds(line)
        if not line:
            strays += bool(i == last + 2)
        elif _is_form_label(line):
            return 0
        elif kinds:
            fresh = kinds - seen
            # `A:` is To in one language and From in none; a second From begins another block.
            if not fresh and "cc" not in kinds:
                break
            seen |= {min(fresh or kinds, key=_rank)} if len(fresh) > 1 else fresh
            last, strays = i, 0
        else:
            strays += 1
        if strays > 2:
            break
        has_mail = has_mail or "@" in line
    enough = _is_enough(seen, has_mail=has_mail, sure=sure)
    return last - at + 1 if enough else 0


def _is_form_label(line: str) -> bool:
    """`E-mail:`, `Phone:`, `Message:` – a form that somebody filled in, and no mail program."""
    name, colon, _value = line[:60].lower().partition(":")
    return bool(colon) and name.strip("* ") in FORM_LABELS


def _rank(kind: str) -> int:
    return ("from", "date", "to", "subject", "cc").index(kind)


def _is_enough(seen: set[str], *, has_mail: bool, sure: bool) -> bool:
    """Somebody may write From, To and Date of a journey: a subject or an address makes sure."""
    if "from" not in seen:
        return False
    others = len(seen & {"date", "to", "subject"})
    if sure:
        return others >= 1
    return others >= 2 and ("subject" in seen or has_mail)


def label_kinds(line: str) -> frozenset[str]:
    """Which labels of a header block a line may begin with."""
    words = plain(line[:120]).lstrip("*>_ |").lower()
    name, colon, _value = words[:40].partition(":")
    name = name.strip("* _\t|")
    if not colon or not name:
        return frozenset()
    found = LABEL_KINDS.get(name) or LABEL_KINDS.get(name.replace(" ", ""))
    return found or frozenset()


def _is_flat_block(line: str) -> bool:
    """A whole block that some gateway put on one line."""
    words = plain(line).lower()
    if len(words) > 1_000 or words.count(":") < 3 or "from" not in label_kinds(line):
        return False
    seen: set[str] = set()
    pieces = words.split(":")
    for piece in pieces[:-1][:40]:
        tail = piece.replace("*", " ").split()[-3:]
        for n in range(1, len(tail) + 1):
            seen |= LABEL_KINDS.get(" ".join(tail[-n:]), frozenset())
    return {"from", "date", "to", "subject"} <= seen


def _by_words(lines: Sequence[str], at: int, words: str) -> Opening | None:
    """“On … Ida wrote:”, on up to four lines, that begins here."""
    if _goes_on(words):
        return Opening(at, at + 1)
    for end in range(at, min(len(lines), at + _LINES)):
        if not lines[end].strip() or (end > at and is_quoted(lines[end])):
            return None
        line = plain(lines[end])
        if _ends(line):
            found = words_ending_at(lines, end)
            return found if found and found.start == at else None
        if _ends_without_colon(lines, end, line):
            return Opening(end, end + 1, is_strong=False) if end == at else None
    return None


def _goes_on(words: str) -> bool:
    """`On … Ida<ida@example.org> wrote:   Hello`: Yahoo’s app begins the quote right there."""
    address = words[:_LONGEST].find(">")
    colon = words[:_LONGEST].find(":  ", address) if address > 0 else -1
    return 0 < colon < address + 30 and _strength(words[: colon + 1]) == 2


def words_ending_at(lines: Sequence[str], end: int) -> Opening | None:
    """“On … Ida wrote:” that ends on this line: the fewest lines that say it."""
    joined = ""
    for start in range(end, max(-1, end - _LINES), -1):
        line = plain(lines[start])
        if not line or is_quoted(line) or (start < end and _ends(line)):
            return None
        joined = f"{line} {joined}".strip()
        if len(joined) > _LONGEST:
            return None
        strength = _strength(joined.strip("*_ "))
        if strength:
            start, strength = _further_up(lines, start, joined, strength)
            start, strength = _paragraph(lines, start, end, strength)
            return Opening(start, end + 1, is_strong=strength == 2)
    return None


def _paragraph(lines: Sequence[str], start: int, end: int, strength: int) -> tuple[int, int]:
    """A whole paragraph that is one introduction, which some program wrapped too early."""
    first = start
    while first > max(0, end - _LINES) and plain(lines[first - 1]):
        first -= 1
    above = [plain(line) for line in lines[first:end]]
    is_alone = first == 0 or not plain(lines[first - 1])
    below = plain(lines[first + 1]) if above else ""
    named = below.startswith("<") and (_is_name(above[0]) or _has_verb(above[0]))
    begins = above and (named or _DATE.search(above[0]) or _MAIL.search(above[0]))
    if first == start or not is_alone or not begins:
        return start, strength
    joined = " ".join([*above, plain(lines[end])])
    if (
        any(map(_ends_sentence, above))
        or len(joined) > _LONGEST
        or any(map(is_quoted, above))
        or _strength(joined) != 2
    ):
        return start, strength
    return first, 2


def _further_up(lines: Sequence[str], start: int, joined: str, strength: int) -> tuple[int, int]:
    """Take in the line above where it holds the date, or the address, that is missing."""
    for _more in range(3):
        above = plain(lines[start - 1]) if start else ""
        is_mail = joined.startswith("<") or above == "<"
        if above and is_mail and (above == "<" or _is_name(above) or _is_dated(above)):
            start -= 1
            joined = f"{above} {joined}"
            strength = max(strength, _strength(joined))
            continue
        if not above or is_quoted(above) or _ends(above) or len(above) > 160:
            break
        has_date = bool(_DATE.search(joined) and _TIME.search(joined))
        wants_date = not has_date and _DATE.search(above) and _TIME.search(above)
        wants_date = wants_date or (not has_date and _is_dated(above) and _has_verb(above))
        wants_mail = "@" not in joined and above.endswith((">", ">,", ")")) and "@" in above
        if not wants_date and not (wants_mail and joined[:1].islower()):
            break
        start -= 1
        joined = f"{above} {joined}"
        strength = max(strength, _strength(joined))
    return start, strength


def _ends_sentence(words: str) -> bool:
    """Whether a line ends what is said on it, and not only a short form such as `kl.`."""
    return words.endswith(("!", "?", ";", ":")) or (words[-1] == "." and words[-6:-1].isalpha())


def _is_dated(words: str) -> bool:
    """`On Monday, March 2, 2026, Ida Berg`: how an introduction begins, and not how a tale ends."""
    return bool(_DATE.search(words)) and words[-1] not in ".!?;"


def _is_name(words: str) -> bool:
    """`Ida Berg`, alone on the line above her address."""
    said = words.strip('"').split()
    return 0 < len(said) <= 4 and words[-1] not in ".,!?:;" and said[0][:1].isupper()


def _ends(words: str) -> bool:
    return words.rstrip("*_ ").endswith((":", "写道", "寫道", "작성", "のメール"))


def _ends_without_colon(lines: Sequence[str], at: int, words: str) -> bool:
    """`2026/3/2 Ida <ida@example.org>`, right above marked lines."""
    if not _DATE.search(words[:40]) or not _ENDS_WITH_MAIL.search(words[-120:]):
        return False
    below = _next_words(lines, at + 1)
    return below < len(lines) and is_quoted(lines[below])


def _strength(words: str, *, has_end: bool = False) -> int:
    """0: no introduction; 1: one if marked lines follow; 2: one in any case."""
    if not (has_end or _ends(words)) or "?" in words or "://" in words.replace("mailto:", ""):
        return 0
    has_verb = _has_verb(words)
    has_mail = bool(_MAIL.search(words))
    has_date = bool(_DATE.search(words))
    has_time = bool(_TIME.search(words))
    has_angle = bool(_ANGLE_MAIL.search(words))
    closes = bool(_ENDS_WITH_MAIL.search(words))
    if has_date and closes and (has_end or words.endswith(":")) and (has_time or has_angle):
        return 2
    if has_date and has_verb and (has_angle or (has_time and not _is_own_tale(words))):
        return 2
    if (has_verb and (has_date or has_mail)) or (has_mail and (has_date or words.endswith(">:"))):
        return 1
    return 1 if has_verb and _is_bare(words) else 0


def _has_verb(words: str) -> bool:
    text = f" {_spaced(words)} "
    return any(_stands(verb, text) for verb in VERBS)


def _stands(verb: str, text: str) -> bool:
    """Whether a word is in a text; some scripts put no space between words."""
    return f" {verb} " in text or (verb[0] > "\u2e80" and verb in text)


def _spaced(words: str) -> str:
    lowered = words.lower()
    for char in '"<>,;:!':
        lowered = lowered.replace(char, " ")
    return " ".join(lowered.split())


def _is_bare(words: str) -> bool:
    """`Ida Berg wrote:`, and not `Yesterday you wrote:`, which the customer says."""
    said = _spaced(words).split()
    ends = any(" ".join(said[-n:]) in VERBS for n in (1, 2, 3))
    return ends and 1 < len(said) <= 6 and not _is_own_tale(words)


def _is_own_tale(words: str) -> bool:
    """`On 2 March at 9:30 your driver wrote:` is told by a person: a program names nobody so."""
    text = f" {_spaced(words)} "
    said = set(text.split())
    persons = [you for verbs, you in SPEAKERS if any(_stands(verb, text) for verb in verbs)]
    return bool(persons) and all(you & said for you in persons)


def _next_words(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at
