from django.db import models


class Indexed(models.Model):
    """One thing in the index. Its number tells its time: newest first is the index's own order.

    The words themselves stand in `search_words` under the same number: an FTS5 table on
    SQLite, a `tsvector` with a GIN index on PostgreSQL.
    """

    id = models.BigIntegerField(primary_key=True)
    ref = models.CharField(max_length=80, unique=True)
    about = models.CharField(max_length=80, db_index=True)
