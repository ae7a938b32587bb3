from django.apps import AppConfig


class Promises(AppConfig):
    name = "makegood.promises"

    def ready(self) -> None:
        from makegood.promises import escalating, asking, reactions  # noqa: F401  # register themselves
