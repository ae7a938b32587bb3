from django.db import migrations, models


class Migration(migrations.Migration):
    """A purse says when its time ends, not when it began. Those from before are filled again."""

    dependencies = [("portal", "0001_budgets")]

    operations = [
        migrations.RemoveIndex("spending", "oldest_spendings"),
        migrations.RenameField("spending", "began_at", "ends_at"),
        migrations.AddIndex(
            "spending", models.Index(fields=["ends_at"], name="spendings_that_are_over")
        ),
    ]
