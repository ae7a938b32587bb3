"""The languages that words can be kept in, each under its own name."""

from collections.abc import Sequence

from django.conf.locale import LANG_INFO

CODES = (
    "en", "de", "fr", "es", "it", "pt", "nl", "pl", "cs", "sk", "da", "sv", "nb", "fi", "et", "lv",
    "lt", "hu", "ro", "bg", "hr", "sl", "sr", "el", "tr", "uk", "ru", "ar", "he", "fa", "hi", "ja",
    "ko", "zh-hans", "zh-hant", "vi", "th", "id",
)  # fmt: skip


def languages() -> Sequence[tuple[str, str]]:
    """Every code with the language's name for itself."""
    return [(code, str(LANG_INFO[code]["name_local"])) for code in CODES]


def wording(texts: dict[str, str], *wanted: str) -> tuple[str, str]:
    """The first language asked for that is there, and its words; else the first that was kept."""
    for code in wanted:
        for language in (code.lower(), code.lower().partition("-")[0]):
            if language and language in texts:
                return language, texts[language]
    return next(iter(texts.items()), ("", ""))
