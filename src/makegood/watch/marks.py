"""What a mail server's refusal means: signing in, a full mailbox, or anything else.

RFC 5530 gives servers words in brackets; many still say it in prose alone.
"""

REFUSED = (
    "authenticationfailed", "authorizationfailed", "invalid credentials", "login failed",
    "authentication failed", "authentication unsuccessful", "username and password not accepted",
    "invalid login", "bad username or password", "535 ", "534 ", "expired", "privacyrequired",
    "user is authenticated but not connected", "logondenied", "application-specific password",
)  # fmt: skip
FULL = (
    "overquota", "quota exceeded", "mailbox is full", "mailbox full", "over quota",
    "not enough storage", "insufficient storage", "5.2.2",
)  # fmt: skip


def is_refused_login(words: str) -> bool:
    """Whether a server refuses who we are, not what we ask."""
    said = words.lower()
    return any(mark in said for mark in REFUSED)


def is_full(words: str) -> bool:
    said = words.lower()
    return any(mark in said for mark in FULL)
