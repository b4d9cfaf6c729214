"""Addresses of evidence."""

from django.urls import path

from shifan.evidence import views

app_name = "evidence"
urlpatterns = [
    path("<uuid:application_id>/<str:provision_id>/attach/", views.attach, name="attach"),
    path("<uuid:attachment_id>/", views.download, name="download"),
    path("<uuid:application_id>/reuse/", views.reuse, name="reuse"),
    path("<uuid:attachment_id>/remove/", views.remove, name="remove"),
]
