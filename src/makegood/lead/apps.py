from django.apps import AppConfig


class Lead(AppConfig):
    name = "makegood.lead"

    def ready(self) -> None:
        from makegood.lead import counting  # noqa: F401  # registers itself
