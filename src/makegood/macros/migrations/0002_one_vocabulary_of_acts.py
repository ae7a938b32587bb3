"""Some acts were two: `team` is `assign`, `untag` is `tag` with a minus, `open` is `reopen`."""

from django.db import migrations


def as_named_today(act):
    name, words = act["do"], act.get("with", "")
    if name == "untag":
        return {"do": "tag", "with": f"-{words}"}
    if name == "tag" and words.startswith(("-", "+")):
        words = f"+{words}"  # a sign before a tag has a meaning now
    return {"do": {"team": "assign", "open": "reopen"}.get(name, name), "with": words}


def rewrite(apps, _schema):
    macros = apps.get_model("macros", "Macro").objects
    changed = list(macros.only("pk", "acts"))
    for macro in changed:
        macro.acts = [as_named_today(act) for act in macro.acts]
    macros.bulk_update(changed, ["acts"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("macros", "0001_saved_replies_and_macros")]

    operations = [migrations.RunPython(rewrite, migrations.RunPython.noop)]
