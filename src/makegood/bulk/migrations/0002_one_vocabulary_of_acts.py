"""An act says what it takes in one string, `{"do": "tag", "with": "late, -new"}`, as in macros."""

from django.db import migrations, models


def as_one_string(act):
    if "with" in act:
        return act
    words = {
        "assign": str(act.get("to", "")),
        "tag": ", ".join(
            [*map(_put_on, act.get("add", [])), *(f"-{word}" for word in act.get("remove", []))]
        ),
        "snooze": str(act.get("until", "")),
        "join": str(act.get("into", "")),
    }
    return {"do": act["do"], "with": words.get(act["do"], "")}


def _put_on(word):
    return f"+{word}" if word.startswith(("-", "+")) else word


def rewrite(apps, _schema):
    bulk_acts = apps.get_model("bulk", "BulkAct").objects
    changed = list(bulk_acts.only("pk", "act"))
    for bulk in changed:
        bulk.act = as_one_string(bulk.act)
    bulk_acts.bulk_update(changed, ["act"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("bulk", "0001_bulk_acts")]

    operations = [
        migrations.AlterField(
            model_name="bulkact",
            name="act",
            field=models.JSONField(help_text='What is done: {"do": "assign", "with": "team:3"}.'),
        ),
        migrations.RunPython(rewrite, migrations.RunPython.noop),
    ]
