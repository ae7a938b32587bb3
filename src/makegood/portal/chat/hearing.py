"""Whether somebody is heard at all: asked before anything of theirs is read or kept."""

from makegood.chat.actions import admit, is_unheard, refuse_blocked, refuse_network
from makegood.chat.models import Visitor
from makegood.chat.secrets import notice_old_secret
from makegood.portal.chat.doors import Caller


def heard(caller: Caller) -> Visitor | None:
    """Who has written from this browser before. Raises `Blocked` where they are not heard."""
    refuse_network(caller.network)
    visitor = caller.visitor()
    if visitor is None:
        notice_old_secret(caller.inbox, caller.secret)
    else:
        refuse_blocked(visitor)
    return visitor


def admitted(caller: Caller) -> Visitor:
    """Whoever was heard, and is nobody yet, becomes a visitor."""
    return admit(caller.inbox, caller.secret, language=caller.language, origin=caller.origin)


def is_listened_to(caller: Caller, visitor: Visitor) -> bool:
    """Whether what their browser tells of itself is taken down; nobody counts it as an attempt."""
    return not is_unheard(visitor, caller.network)
