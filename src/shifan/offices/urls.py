"""Addresses of a programme's office."""

from django.urls import path

from shifan.offices import views

app_name = "offices"
urlpatterns = [
    path("office/", views.office, name="office"),
    path("office/propose/", views.propose, name="propose"),
    path("office/proposals/<int:proposal_id>/", views.proposal, name="proposal"),
    path("office/cycles/", views.open_cycle, name="open_cycle"),
    path("office/cycles/<int:cycle_id>/", views.show_cycle, name="cycle"),
    path("office/units/", views.units, name="units"),
    path("office/titles/", views.titles, name="titles"),
]
