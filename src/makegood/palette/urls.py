from django.urls import path

from makegood.palette import views

app_name = "palette"
urlpatterns = [
    path("palette/", views.everything, name="all"),
    path("palette/commands/", views.commands, name="commands"),
    path("palette/found/", views.found, name="found"),
    path("office/style/", views.look, name="style"),
    path("keys/", views.keys, name="keys"),
]
