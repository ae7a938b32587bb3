from django.apps import AppConfig


class Automation(AppConfig):
    name = "makegood.automation"

    def ready(self) -> None:
        from makegood.automation import hearing  # noqa: F401  # registers its follower
