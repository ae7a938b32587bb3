from django.apps import AppConfig


class Watch(AppConfig):
    name = "makegood.watch"
