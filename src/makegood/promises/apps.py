from django.apps import AppConfig


class Promises(AppConfig):
    name = "makegood.promises"

    def ready(self) -> None:
        # They register themselves.
        from makegood.promises import asking, escalating, reactions  # noqa: F401
