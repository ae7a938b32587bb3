from django.apps import AppConfig


class Linking(AppConfig):
    name = "makegood.linking"

    def ready(self) -> None:
        from makegood.linking import asking, reactions  # noqa: F401  # register themselves
