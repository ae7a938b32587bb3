from django.urls import path

from makegood.office.views import connecting, health, inboxes, mine, people, troubles

app_name = "office"
urlpatterns = [
    path("set-up/", mine.set_up, name="set_up"),
    path("join/<str:token>/", mine.join, name="join"),
    path("me/profile/", mine.profile, name="profile"),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("office/health/", health.health, name="health"),
    path("office/", troubles.home, name="home"),
    path("office/inboxes/", inboxes.inboxes, name="inboxes"),
    path("office/inboxes/new/", inboxes.connect, name="connect"),
    path("office/inboxes/new/mailbox/", connecting.new_mailbox, name="new_mailbox"),
    path("office/inboxes/new/forwarding/", connecting.new_forwarding, name="new_forwarding"),
    path("office/inboxes/new/form/", inboxes.new_form, name="new_form"),
    path("office/inboxes/<int:pk>/", inboxes.inbox, name="inbox"),
    path("office/inboxes/<int:pk>/name/", connecting.naming, name="naming"),
    path("office/inboxes/<int:pk>/servers/", connecting.servers, name="servers"),
    path("office/inboxes/<int:pk>/rest/", inboxes.rest, name="rest"),
    path("office/inboxes/<int:pk>/rest/undo/", inboxes.end_of_rest, name="end_of_rest"),
    path("office/agents/", people.agents, name="agents"),
    path("office/agents/<int:pk>/", people.agent, name="agent"),
    path("office/invitations/", people.invite, name="invite"),
    path("office/invitations/<int:pk>/withdrawal/", people.withdraw, name="withdraw"),
    path("office/teams/", people.teams, name="teams"),
    path("office/teams/new/", people.team, name="new_team"),
    path("office/teams/<int:pk>/", people.team, name="team"),
    path("office/arrivals/", troubles.arrivals, name="arrivals"),
    path("office/arrivals/<int:pk>/reading/", troubles.reading, name="reading"),
    path("office/arrivals/<int:pk>/raw/", troubles.raw, name="raw"),
    path("office/deliveries/", troubles.deliveries, name="deliveries"),
    path("office/deliveries/<int:pk>/sending/", troubles.sending, name="sending"),
]
