"""Addresses of what is begun about titles."""

from django.urls import path

from shifan.titles import views

app_name = "titles"
urlpatterns = [
    path("begin/", views.choose, name="choose"),
    path("begin/<uuid:unit_id>/", views.begin, name="begin"),
]
