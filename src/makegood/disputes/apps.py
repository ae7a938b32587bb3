from django.apps import AppConfig


class Disputes(AppConfig):
    name = "makegood.disputes"

    def ready(self) -> None:
        # They register themselves.
        from makegood.disputes import forgetting  # noqa: F401
