from typing import ClassVar

from django.db import models


class Remembered(models.Model):
    """A small value for a short time: how often somebody tried to sign in, which code was used."""

    key = models.CharField(max_length=64, primary_key=True, help_text="SHA-256 of the whole key.")
    value = models.JSONField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="remembered_until")]
