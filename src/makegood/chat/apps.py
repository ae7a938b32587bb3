from django.apps import AppConfig


class Chat(AppConfig):
    name = "makegood.chat"

    def ready(self) -> None:
        from makegood.chat import asking, forgetting, identity, reactions  # noqa: F401  # register
