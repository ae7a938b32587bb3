from django.apps import AppConfig


class WantedApp(AppConfig):
    name = "makegood.wanted"
