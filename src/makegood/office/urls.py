from django.urls import path

from makegood.office.views import mine

app_name = "office"
urlpatterns = [
    path("set-up/", mine.set_up, name="set_up"),
    path("join/<str:token>/", mine.join, name="join"),
    path("me/profile/", mine.profile, name="profile"),
]
