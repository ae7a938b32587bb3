from django.db import migrations, models
from django.db.models.functions import Lower

from makegood.kit.apart import names_apart


class Migration(migrations.Migration):
    dependencies = [("automation", "0002_what_a_chain_began_with")]

    operations = [
        migrations.RunPython(
            names_apart("automation", "Rule", 80, removed_at=None), migrations.RunPython.noop
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.UniqueConstraint(
                Lower("name"),
                condition=models.Q(removed_at=None),
                name="a_rule_of_a_name_is_there_once",
            ),
        ),
    ]
