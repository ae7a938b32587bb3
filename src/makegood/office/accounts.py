"""How accounts come to be: by invitation only, and every mail of theirs goes by our own way."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up alone: an owner invites."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False

    def format_email_subject(self, subject: Any) -> str:
        return str(subject)
