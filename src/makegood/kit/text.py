"""Foreign text made fit for a database row and a line on a page."""

import unicodedata

UNSEEN = dict.fromkeys([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, *range(0xD800, 0xE000)])
BIDI = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x2060, 0xFEFF])


def fit_for_storage(text: str) -> str:
    """Without NUL, other control characters and lone surrogates: PostgreSQL refuses them."""
    return text.translate(UNSEEN)


def one_line(text: str, limit: int = 200) -> str:
    """Blank runs as one space, cut at `limit` characters with an ellipsis."""
    line = " ".join(fit_for_storage(text[: limit * 8]).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def plain_name(name: str, limit: int = 120) -> str:
    """A display name without the marks that make it look like another (security.md T07)."""
    name = unicodedata.normalize("NFKC", name[: limit * 4]).translate(BIDI).translate(INVISIBLE)
    return one_line(name, limit)
