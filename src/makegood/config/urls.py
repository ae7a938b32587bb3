"""Every address of the product. An app's own addresses live in its `urls.py`."""

from django.urls import include, path

handler500 = "makegood.kit.failing.failed"
handler429 = "makegood.office.views.signing_in.too_fast"

urlpatterns = [
    path("live/", include("makegood.desk.live.urls")),
    path("accounts/", include("makegood.office.account_urls")),
    path("", include("makegood.shop.urls")),
    path("", include("makegood.portal.urls")),
    path("", include("makegood.palette.urls")),
    path("", include("makegood.lead.urls")),
    path("", include("makegood.office.urls")),
    path("", include("makegood.desk.urls")),
]
