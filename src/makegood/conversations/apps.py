from django.apps import AppConfig


class Conversations(AppConfig):
    name = "makegood.conversations"

    def ready(self) -> None:
        from makegood.conversations import reactions  # noqa: F401  # registers itself
