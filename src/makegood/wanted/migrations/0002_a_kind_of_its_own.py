"""What waits for stock was a personal word until now: it becomes a kind of its own."""

from django.db import migrations


def name_them(apps, schema_editor):
    _turn(apps, "personal", "back_in_stock")


def name_them_as_before(apps, schema_editor):
    _turn(apps, "back_in_stock", "personal")


def _turn(apps, before, after):
    wanted = apps.get_model("wanted", "Wanted")
    promises = apps.get_model("promises", "Promise").objects.filter(kind=before)
    promises.filter(pk__in=wanted.objects.values("promise")).update(kind=after)


class Migration(migrations.Migration):
    dependencies = [
        ("promises", "0011_back_in_stock"),
        ("wanted", "0001_wanted"),
    ]

    operations = [migrations.RunPython(name_them, name_them_as_before)]
