from django.apps import AppConfig


class RedactionApp(AppConfig):
    name = "makegood.redaction"

    def ready(self) -> None:
        from makegood.redaction import reactions  # noqa: F401  # registers itself
