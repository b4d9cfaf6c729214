"""Addresses of proceedings."""

from django.urls import path

from shifan.proceedings import views

app_name = "proceedings"
urlpatterns = [
    path("", views.list_proceedings, name="list"),
    path("<uuid:proceeding_id>/", views.show, name="show"),
    path("<uuid:proceeding_id>/move/<slug:move_id>/", views.move, name="move"),
    path("<uuid:proceeding_id>/parties/<slug:capacity>/", views.assign, name="assign"),
    path("<uuid:proceeding_id>/parties/<int:party_id>/end/", views.dismiss, name="dismiss"),
    path("<uuid:proceeding_id>/parties/<int:party_id>/aside/", views.stand_aside, name="aside"),
]
