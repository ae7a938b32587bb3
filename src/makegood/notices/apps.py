from django.apps import AppConfig


class Notices(AppConfig):
    name = "makegood.notices"

    def ready(self) -> None:
        from makegood.notices import (  # noqa: F401  # register themselves
            asking,
            concerns,
            reactions,
            telling,
        )
