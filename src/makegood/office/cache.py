"""Django's cache, kept in the database: what counts attempts must survive a restart.

Every process counts together (security.md T71, T77), values are JSON and never code (T79),
and looking never writes: what is over is cleared away when something new is kept.
"""

import hashlib
from datetime import timedelta
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import IntegrityError, transaction
from django.utils import timezone

from makegood.office.models import Remembered

LONGEST = timedelta(days=30)


class DatabaseCache(BaseCache):
    """For small, rare values. Pages are not cached here, nor anywhere."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        row = self._row(key, value, timeout, version)
        Remembered.objects.filter(expires_at__lte=timezone.now()).delete()
        try:
            # Of two at once, the primary key lets one in.
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            return False
        return True

    def set(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        self._row(key, value, timeout, version).save()

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        kept = Remembered.objects.filter(
            pk=self._name(key, version), expires_at__gt=timezone.now()
        ).first()
        return default if kept is None else kept.value

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        kept = Remembered.objects.filter(pk=self._name(key, version))
        return bool(kept.update(expires_at=self._end(timeout)))

    def delete(self, key: str, version: int | None = None) -> bool:
        return bool(Remembered.objects.filter(pk=self._name(key, version)).delete()[0])

    def clear(self) -> None:
        Remembered.objects.all().delete()

    def _row(self, key: str, value: Any, timeout: Any, version: int | None) -> Remembered:
        return Remembered(key=self._name(key, version), value=value, expires_at=self._end(timeout))

    def _name(self, key: str, version: int | None) -> str:
        # Keys hold addresses of people: only their hash is kept.
        return hashlib.sha256(self.make_key(key, version).encode()).hexdigest()

    def _end(self, timeout: Any) -> Any:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return timezone.now() + (LONGEST if seconds is None else timedelta(seconds=seconds))
