from django.db import migrations

CHUNK = 2000


def fill(apps, schema_editor):
    """Customers who were met before are found by their words, too."""
    from makegood.customers.finding import words_of_address, words_of_name  # of this release

    Customer = apps.get_model("customers", "Customer")
    Handle = apps.get_model("customers", "Handle")
    FoundBy = apps.get_model("customers", "FoundBy")
    at = 0
    while numbers := list(
        Customer.objects.filter(pk__gt=at).order_by("pk").values_list("pk", flat=True)[:CHUNK]
    ):
        found = set()
        for pk, name in Customer.objects.filter(pk__in=numbers).values_list("pk", "name"):
            found |= {(pk, word) for word in words_of_name(name)}
        handles = Handle.objects.filter(customer__in=numbers)
        for pk, address, name in handles.values_list("customer_id", "address", "name"):
            found |= {(pk, word) for word in words_of_address(address) | words_of_name(name)}
        FoundBy.objects.bulk_create(
            [FoundBy(customer_id=pk, word=word) for pk, word in sorted(found)], batch_size=CHUNK
        )
        at = numbers[-1]


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_known_better")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
