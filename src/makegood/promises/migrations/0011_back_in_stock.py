from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("promises", "0010_confirmations"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="promise",
            name="one_promise_of_a_kind_at_a_time",
        ),
        migrations.AlterField(
            model_name="promise",
            name="kind",
            field=models.CharField(
                choices=[
                    ("first_answer", "first answer"),
                    ("next_answer", "next answer"),
                    ("resolution", "resolution"),
                    ("personal", "personal word"),
                    ("call_back", "call back"),
                    ("back_in_stock", "back in stock"),
                    ("dispute_deadline", "answer to a dispute"),
                    ("acknowledged", "order confirmed"),
                    ("paid_confirmed", "payment confirmed"),
                    ("shipped", "sent"),
                    ("first_scan", "handed over to the carrier"),
                    ("delivered", "delivered"),
                    ("refund_arrived", "money given back"),
                ],
                max_length=24,
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("settled_at", None),
                    models.Q(
                        (
                            "kind__in",
                            ["personal", "call_back", "back_in_stock", "dispute_deadline"],
                        ),
                        _negated=True,
                    ),
                ),
                fields=("conversation", "kind"),
                name="one_promise_of_a_kind_at_a_time",
            ),
        ),
    ]
