"""Addresses of the published rule books."""

from django.urls import path

from shifan.cycles import views

app_name = "cycles"
urlpatterns = [
    path("", views.list_rulebooks, name="rulebooks"),
    path("<slug:programme>/<str:version>/", views.show_rulebook, name="rulebook"),
    path(
        "<slug:programme>/<str:version>/<slug:unit_type>/",
        views.show_indicators,
        name="indicators",
    ),
]
