from django.apps import AppConfig


class Portal(AppConfig):
    name = "makegood.portal"

    def ready(self) -> None:
        from makegood.portal import reactions  # noqa: F401  # registers itself
