from django.apps import AppConfig


class Beside(AppConfig):
    name = "makegood.beside"

    def ready(self) -> None:
        from makegood.beside import answering, reactions, searching  # noqa: F401  # register themselves
