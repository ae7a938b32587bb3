from django.apps import AppConfig


class ErrandsApp(AppConfig):
    name = "makegood.errands"

    def ready(self) -> None:
        from makegood.errands import forgetting  # noqa: F401  # registers itself
