from django.apps import AppConfig


class Conversations(AppConfig):
    name = "makegood.conversations"

    def ready(self) -> None:
        from makegood.conversations import (  # noqa: F401  # register themselves
            following,
            reactions,
            searching,
        )
