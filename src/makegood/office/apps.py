from django.apps import AppConfig


class Office(AppConfig):
    name = "makegood.office"

    def ready(self) -> None:
        from makegood.office import checks  # noqa: F401  # registers itself
