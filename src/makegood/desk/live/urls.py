from django.urls import path

from makegood.desk.live import views

app_name = "live"
urlpatterns = [path("poll/", views.poll, name="poll")]
