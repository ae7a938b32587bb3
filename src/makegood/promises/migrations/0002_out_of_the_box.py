"""What is promised out of the box. What waits already is not promised anything backwards."""

from django.db import migrations
from django.utils import timezone


def publish(apps, _editor):
    policies = apps.get_model("promises", "Policy")
    versions = apps.get_model("promises", "PolicyVersion")
    if policies.objects.exists():
        return
    day = {"seconds": 3 * 8 * 3600, "clock": "hours"}
    steps = [
        {"at": "warn", "after": 0, "do": "notify", "whom": "owner"},
        {"at": "due", "after": 0, "do": "notify", "whom": "leads"},
    ]
    out_of_the_box = [
        ("Live chat", "channel:chat", 5 * 60),
        ("Social channels", "channel:social", 3600),
        ("Call back", "channel:phone", 2 * 3600),
        ("E-mail and forms", "", 8 * 3600),
    ]
    for position, (name, condition, seconds) in enumerate(out_of_the_box):
        answer = {"seconds": seconds, "clock": "hours"}
        policy = policies.objects.create(name=name, position=position)
        versions.objects.create(
            policy=policy,
            number=1,
            condition=condition,
            targets={"first_answer": answer, "next_answer": answer, "resolution": day},
            steps=steps,
            published_at=timezone.now(),
        )


class Migration(migrations.Migration):
    dependencies = [("promises", "0001_promises")]

    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
