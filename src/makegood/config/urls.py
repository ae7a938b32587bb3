"""Every address of the product. An app's own addresses live in its `urls.py`."""

from django.urls import include, path

urlpatterns = [
    path("live/", include("makegood.desk.live.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("", include("makegood.desk.urls")),
]
