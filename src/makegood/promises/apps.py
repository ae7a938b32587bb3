from django.apps import AppConfig


class Promises(AppConfig):
    name = "makegood.promises"

    def ready(self) -> None:
        from makegood.promises import reactions  # noqa: F401  # registers itself
