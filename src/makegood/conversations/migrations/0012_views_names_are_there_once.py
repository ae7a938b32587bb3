from django.db import migrations, models
from django.db.models.functions import Lower

from makegood.kit.apart import names_apart


class Migration(migrations.Migration):
    dependencies = [("conversations", "0011_how_they_sound")]

    operations = [
        migrations.RunPython(
            names_apart("conversations", "SavedView", 60, "agent_id"), migrations.RunPython.noop
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                "agent", Lower("name"), name="an_agents_view_of_a_name_is_there_once"
            ),
        ),
    ]
