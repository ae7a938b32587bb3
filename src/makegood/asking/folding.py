"""Names are compared without regard to case and accents: `Größe` is `grosse`."""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """A name as it is compared: folded, and blank runs as one space."""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(p for p in parts if unicodedata.category(p) != "Mn").split())
