from django.apps import AppConfig


class ShopApp(AppConfig):
    name = "makegood.shop"

    def ready(self) -> None:
        from makegood.shop import forgetting  # noqa: F401  # registers itself
