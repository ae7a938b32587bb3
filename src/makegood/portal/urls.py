from django.urls import path

from makegood.portal.views import form, link

app_name = "portal"

urlpatterns = [
    path("write/<slug:public_id>/", form.write, name="write"),
    path("write/<slug:public_id>/embedded/", form.embedded, name="embedded"),
    path("write/<slug:public_id>/sent/<slug:key>/", form.sent, name="sent"),
    path("write/<slug:public_id>/embedded/sent/<slug:key>/", form.sent_embedded, name="sent-in"),
    path("c/<slug:token>/", link.conversation, name="conversation"),
    path("c/<slug:token>/messages/", link.answer, name="answer"),
    path("c/<slug:token>/confirmation/", link.confirm, name="confirm"),
    path("c/<slug:token>/denial/", link.deny, name="deny"),
    path("c/<slug:token>/files/<int:pk>/", link.file, name="file"),
]
