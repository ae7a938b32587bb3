from django.apps import AppConfig


class Disputes(AppConfig):
    name = "makegood.disputes"

    def ready(self) -> None:
        # They register themselves.
        from makegood.disputes import concerned, doors, forgetting, given, sending  # noqa: F401
