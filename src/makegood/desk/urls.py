from django.urls import path

from makegood.desk.views import acts, conversation, files, inbox, joining, me, search, writing

app_name = "desk"

of_one = "conversations/<int:pk>/"

urlpatterns = [
    path("", inbox.home, name="home"),
    path("inbox/", inbox.home, name="inbox"),
    path("inbox/<slug:name>/", inbox.view, name="view"),
    path("search/", search.search, name="search"),
    path("me/", me.me, name="me"),
    path(of_one, conversation.show, name="conversation"),
    path(of_one + "news/", conversation.news, name="news"),
    path(of_one + "before/<int:before>/", conversation.earlier, name="earlier"),
    path(of_one + "customer/", conversation.customer, name="customer"),
    path(of_one + "handles/<int:handle>/", acts.handle, name="handle"),
    path(of_one + "seen/", conversation.seen, name="seen"),
    path(of_one + "messages/", writing.reply, name="reply"),
    path(of_one + "notes/", writing.note, name="note"),
    path(of_one + "drafts/<slug:purpose>/", writing.draft, name="draft"),
    path(of_one + "drafts/<slug:purpose>/files/", writing.files, name="draft-files"),
    path(
        of_one + "drafts/<slug:purpose>/files/<int:file>/removal/",
        writing.remove_file,
        name="draft-file-removal",
    ),
    path(of_one + "assignment/", acts.assignment, name="assignment"),
    path(of_one + "tags/", acts.tags, name="tags"),
    path(of_one + "rest/", acts.rest, name="rest"),
    path(of_one + "resolution/", acts.resolution, name="resolution"),
    path(of_one + "resolution/undo/", acts.undo_resolution, name="reopening"),
    path(of_one + "join/", joining.join, name="join"),
    path(of_one + "parting/", joining.parting, name="parting"),
    path(of_one + "likeness/", joining.likeness, name="likeness"),
    path(of_one + "participants/<int:handle>/", joining.participant, name="participant"),
    path("messages/<int:pk>/split/", joining.splitting, name="splitting"),
    path("messages/<int:pk>/belonging/", joining.belonging, name="belonging"),
    path("messages/<int:pk>/forward/", joining.forward, name="forward"),
    path("messages/<int:pk>/sent/", files.sent, name="sent"),
    path("messages/<int:pk>/delivery/", acts.redelivery, name="redelivery"),
    path("attachments/<int:pk>/", files.attachment, name="attachment"),
]
