from django.apps import AppConfig


class Waits(AppConfig):
    name = "makegood.waits"

    def ready(self) -> None:
        from makegood.waits import following, reactions  # noqa: F401  # they register themselves
