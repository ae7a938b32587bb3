from django.urls import path

from makegood.shop import views

app_name = "shop"
urlpatterns = [path("signals/<slug:key>/", views.signal, name="signal")]
