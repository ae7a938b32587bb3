from django.apps import AppConfig


class Tags(AppConfig):
    name = "makegood.tags"
