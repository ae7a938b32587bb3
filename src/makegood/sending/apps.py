from django.apps import AppConfig


class Sending(AppConfig):
    name = "makegood.sending"

    def ready(self) -> None:
        from makegood.sending import reactions  # noqa: F401  # registers itself
