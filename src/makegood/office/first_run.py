"""The first start: one word, printed where the server was started, lets one person in.

Whoever reads the server's terminal or its data folder is its owner; nobody else can take
an install that stands open for the time until somebody set it up.
"""

import hmac
import os
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from makegood.kit.errors import Refused
from makegood.kit.ids import new_token
from makegood.ledger.actors import System
from makegood.team.actions import add_agent
from makegood.team.models import Agent
from makegood.team.queries import has_agents


def _path() -> Path:
    return Path(settings.DATA) / "setup.word"


def set_up_word() -> str:
    """The word that opens the set-up page; empty once there is an owner."""
    if has_agents():
        return ""
    try:
        handle = os.open(_path(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _path().read_text().strip()
    word = new_token()
    with os.fdopen(handle, "w") as file:
        file.write(word + "\n")
    return word


def is_set_up_word(word: str) -> bool:
    try:
        kept = _path().read_text().strip()
    except FileNotFoundError:
        return False
    return bool(kept) and hmac.compare_digest(kept.encode(), word.strip().encode())


def forget_set_up_word() -> None:
    _path().unlink(missing_ok=True)


@transaction.atomic
def make_first_owner(word: str, *, email: str, name: str, password: str) -> Agent:
    """The person who started the server becomes its owner, once."""
    if has_agents():
        raise Refused(_("This desk is set up already. Ask its owner for an invitation."))
    if not is_set_up_word(word):
        raise Refused(_("That is not the word that was printed when the server started."))
    owner = add_agent(email, name, role=Agent.Role.OWNER, password=password, by=System("setup"))
    transaction.on_commit(forget_set_up_word)
    return owner
