from django.urls import path

from makegood.lead import late, views

app_name = "lead"
urlpatterns = [
    path("promises/", views.promises, name="promises"),
    path("promises/count/", views.count, name="count"),
    path("promises/<int:pk>/", views.promise, name="promise"),
    path("promises/<int:pk>/why.json", views.why, name="why"),
    path("promises/<int:pk>/owner/", views.owner, name="owner"),
    path("lead/late/", late.rates, name="late"),
    path("lead/late/orders/", late.orders, name="late_orders"),
    path("lead/", views.board, name="board"),
]
