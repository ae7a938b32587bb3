"""Links that let somebody in were left readable in the outbox after they had left: blank them."""

import hashlib
from typing import Any

from django.db import migrations
from django.db.models import Q

SETTLED = ["sent", "delivered", "failed", "bounced", "cancelled"]


def forget(apps: Any, _schema: Any) -> None:
    deliveries = apps.get_model("channels", "Delivery").objects.filter(state__in=SETTLED)
    ours = Q(about__startswith="agent:") | Q(about__startswith="invitation:")
    for delivery in deliveries.filter(ours).iterator():
        kept = delivery.outgoing
        words = hashlib.sha256(str(kept.get("text", "")).encode()).hexdigest()
        delivery.outgoing = {**kept, "text": "", "html": "", "text_sha256": words}
        delivery.save(update_fields=["outgoing"])


class Migration(migrations.Migration):
    dependencies = [("channels", "0002_deliveries_in_trouble")]
    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
