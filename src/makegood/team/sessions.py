"""Sessions as Django keeps them in the database, found by SQL that is worked out once."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone

from makegood.kit.compiled import Compiled

_CONTENT: Compiled[tuple[str]] = Compiled(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now).values_list(
        "session_data"
    ),
    models.CharField(),
    models.DateTimeField(),
)


class SessionStore(db.SessionStore):
    """Every page begins with one."""

    def load(self) -> dict[str, Any]:
        found = _CONTENT.first(self.session_key, timezone.now())
        if found is None:
            self._session_key = None
            return {}
        content: dict[str, Any] = self.decode(found[0])
        return content
