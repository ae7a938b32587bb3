from django.urls import path

from makegood.portal.views import (
    chat,
    chat_invited,
    chat_onward,
    chat_script,
    faces,
    form,
    link,
    proof,
)

app_name = "portal"

urlpatterns = [
    path("write/<slug:public_id>/", form.write, name="write"),
    path("write/<slug:public_id>/embedded/", form.embedded, name="embedded"),
    path("write/<slug:public_id>/sent/<slug:key>/", form.sent, name="sent"),
    path("write/<slug:public_id>/embedded/sent/<slug:key>/", form.sent_embedded, name="sent-in"),
    path("chat/widget.js", chat_script.widget, name="widget"),
    path("faces/<slug:word>/", faces.face, name="face"),
    path("chat/room.js", chat_script.room, name="room"),
    path("chat/<slug:public_id>/hello/", chat.hello, name="chat-hello"),
    path("chat/<slug:public_id>/messages/", chat.messages, name="chat-messages"),
    path("chat/<slug:public_id>/files/", chat.files, name="chat-files"),
    path("chat/<slug:public_id>/files/<int:pk>/<str:opens>/", chat.file, name="chat-file"),
    path("chat/<slug:public_id>/seen/", chat.seen, name="chat-seen"),
    path("chat/<slug:public_id>/invited/", chat_invited.invited, name="chat-invited"),
    path("chat/<slug:public_id>/identity/", chat.identity, name="chat-identity"),
    path("chat/<slug:public_id>/secret/", chat.secret, name="chat-secret"),
    path("chat/<slug:public_id>/email/", chat_onward.email, name="chat-email"),
    path("chat/<slug:public_id>/pass/", chat_onward.make_pass, name="chat-pass"),
    path("chat/<slug:public_id>/claim/", chat_onward.claim, name="chat-claim"),
    path("chat/<slug:public_id>/callback/", chat_onward.callback, name="chat-callback"),
    path("chat/<slug:public_id>/transcript/", chat_onward.transcript, name="chat-transcript"),
    path("chat/<slug:public_id>/end/", chat_onward.end, name="chat-end"),
    path("chat/<slug:public_id>/rating/", chat_onward.rating, name="chat-rating"),
    path("chat/<slug:public_id>/here/", chat_onward.here, name="here"),
    path("c/<slug:token>/chat/", chat_onward.chat_about_this, name="about-in-chat"),
    path("c/<slug:token>/", link.conversation, name="conversation"),
    path("c/<slug:token>/messages/", link.answer, name="answer"),
    path("c/<slug:token>/code/", proof.code, name="code"),
    path("c/<slug:token>/confirmation/", link.confirm, name="confirm"),
    path("c/<slug:token>/denial/", link.deny, name="deny"),
    path("c/<slug:token>/files/<int:pk>/", link.file, name="file"),
]
