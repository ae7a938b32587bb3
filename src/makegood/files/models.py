from django.db import models


class File(models.Model):
    """One content, however many messages carry it. The row comes after the bytes are safe."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)


class Leaving(models.Model):
    """Bytes that nobody needs any more, until they are gone from the disk, too."""

    sha256 = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField()
