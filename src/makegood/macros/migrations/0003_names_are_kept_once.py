from django.db import migrations, models
from django.db.models.functions import Coalesce, Lower

from makegood.kit.apart import names_apart


class Migration(migrations.Migration):
    dependencies = [
        ("macros", "0002_one_vocabulary_of_acts"),
        ("team", "0005_shifts_absences_and_capacity"),
    ]

    operations = [
        migrations.RunPython(
            names_apart("macros", "Macro", 80, "team_id", "agent_id"), migrations.RunPython.noop
        ),
        migrations.AddConstraint(
            model_name="macro",
            constraint=models.UniqueConstraint(
                Lower("name"),
                Coalesce("team", 0, output_field=models.BigIntegerField()),
                Coalesce("agent", 0, output_field=models.BigIntegerField()),
                name="macro_of_a_name_is_kept_once",
            ),
        ),
        migrations.RunPython(
            names_apart("macros", "SavedReply", 80, "team_id", "agent_id"),
            migrations.RunPython.noop,
        ),
        migrations.AddConstraint(
            model_name="savedreply",
            constraint=models.UniqueConstraint(
                Lower("name"),
                Coalesce("team", 0, output_field=models.BigIntegerField()),
                Coalesce("agent", 0, output_field=models.BigIntegerField()),
                name="savedreply_of_a_name_is_kept_once",
            ),
        ),
    ]
