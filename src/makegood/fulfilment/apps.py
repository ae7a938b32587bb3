from django.apps import AppConfig


class FulfilmentApp(AppConfig):
    name = "makegood.fulfilment"

    def ready(self) -> None:
        # They register themselves.
        from makegood.fulfilment import dates, explaining, forgetting, reckoning  # noqa: F401
