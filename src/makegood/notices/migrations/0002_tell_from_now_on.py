from django.db import migrations
from django.db.models import Max


def begin_at_the_end(apps, _schema_editor):
    """What happened before there were notices is nobody's news."""
    newest = apps.get_model("ledger", "Event").objects.aggregate(newest=Max("pk"))["newest"]
    follower = apps.get_model("ledger", "Follower")
    follower.objects.get_or_create(name="notices", defaults={"position": newest or 0})


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial"), ("ledger", "0003_what_a_follower_could_not_read")]

    operations = [migrations.RunPython(begin_at_the_end, migrations.RunPython.noop)]
