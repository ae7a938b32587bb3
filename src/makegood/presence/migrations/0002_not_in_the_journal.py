from django.db import migrations


def leave_it_out_of_the_journal(_apps, schema_editor):
    """On PostgreSQL a heartbeat need not survive a crash, so it is not written twice."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE presence_presence SET UNLOGGED")


class Migration(migrations.Migration):
    dependencies = [("presence", "0001_initial")]

    operations = [migrations.RunPython(leave_it_out_of_the_journal, migrations.RunPython.noop)]
