from django.apps import AppConfig


class RollsApp(AppConfig):
    name = "makegood.rolls"

    def ready(self) -> None:
        from makegood.rolls import reactions  # noqa: F401  # registers itself
