from django.apps import AppConfig


class Concerns(AppConfig):
    name = "makegood.concerns"

    def ready(self) -> None:
        from makegood.concerns import asking, forgetting  # noqa: F401  # register themselves
