"""Addresses of the public register."""

from django.urls import path

from shifan.register import views

app_name = "register"
urlpatterns = [
    path("", views.list_titles, name="list"),
    path("<uuid:title_id>/", views.show_title, name="title"),
]
