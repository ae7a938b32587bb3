from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from makegood.kit.secrets import SecretDamaged, seal, unseal

BEFORE = "mfa_authenticator:data"
KEPT_IN = ("secret", "seed")


def bind(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """What opened in any row is sealed anew, for the one that it stands in."""
    for row in apps.get_model("mfa", "Authenticator").objects.order_by("pk"):
        fresh = {name: _anew(row, row.data[name]) for name in KEPT_IN if name in row.data}
        if fresh:
            row.data = {**row.data, **fresh}
            row.save(update_fields=["data"])


def _anew(row: Any, sealed: str) -> str:
    """What another key has sealed stays as it is: it opened nothing before, either."""
    try:
        return seal("mfa", f"{BEFORE}:{row.user_id}", unseal("mfa", BEFORE, sealed).reveal())
    except SecretDamaged:
        return sealed


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0001_values_for_a_short_time"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(bind, migrations.RunPython.noop)]
