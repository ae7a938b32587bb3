"""A promise that broke asks why: causes to choose from. What broke before is not asked."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KNOWN = ("many", "others", "overlooked", "parcel", "stock", "other")


def list_causes(apps, _editor):
    causes = apps.get_model("promises", "Cause")
    causes.objects.bulk_create([causes(known=word) for word in KNOWN])


class Migration(migrations.Migration):
    dependencies = [
        ("calendars", "0001_opening_hours"),
        ("conversations", "0011_how_they_sound"),
        ("promises", "0005_what_rests_is_due_at_no_time"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="promise",
            name="asks_since",
            field=models.DateTimeField(
                blank=True,
                help_text="Since when it asks why it broke, until somebody says it.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="promise",
            name="cause_words",
            field=models.CharField(blank=True, max_length=250),
        ),
        migrations.CreateModel(
            name="Cause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        blank=True,
                        help_text="Empty as long as it is called as it came.",
                        max_length=80,
                    ),
                ),
                (
                    "known",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("many", "too many at once"),
                            ("others", "waited for somebody else"),
                            ("overlooked", "overlooked"),
                            ("parcel", "parcel service"),
                            ("stock", "out of stock"),
                            ("other", "something else"),
                        ],
                        max_length=12,
                    ),
                ),
                ("is_on", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True),
                            models.Q(("known", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_cause_is_called_something",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="promise",
            name="cause",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="promises",
                to="promises.cause",
            ),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(
                condition=models.Q(("asks_since__isnull", False)),
                fields=["due_at", "id"],
                name="asks_why_it_broke",
            ),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(
                condition=models.Q(("cause__isnull", False)),
                fields=["cause", "due_at", "id"],
                name="broken_by_cause",
            ),
        ),
        migrations.RunPython(list_causes, migrations.RunPython.noop),
    ]
