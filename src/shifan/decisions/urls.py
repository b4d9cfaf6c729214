"""Addresses of decisions."""

from django.urls import path

from shifan.decisions import views

app_name = "decisions"
urlpatterns = [
    path("<uuid:application_id>/designate/<slug:move_id>/", views.designate, name="designate")
]
