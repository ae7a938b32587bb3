from django.db import migrations, models

from makegood.search import postgresql, sqlite


def _backend(schema_editor):
    return postgresql if schema_editor.connection.vendor == "postgresql" else sqlite


def create(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        _backend(schema_editor).create(cursor)


def remove(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        _backend(schema_editor).remove(cursor)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Indexed",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("ref", models.CharField(max_length=80, unique=True)),
                ("about", models.CharField(db_index=True, max_length=80)),
            ],
        ),
        migrations.RunPython(create, remove),
    ]
