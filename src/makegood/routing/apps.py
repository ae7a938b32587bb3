from django.apps import AppConfig


class Routing(AppConfig):
    name = "makegood.routing"

    def ready(self) -> None:
        from makegood.routing import (  # noqa: F401  # register themselves
            calling,
            learning,
            reactions,
        )
