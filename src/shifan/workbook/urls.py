"""Addresses of workbooks."""

from django.urls import path

from shifan.workbook import views

app_name = "workbook"
urlpatterns = [
    path("<uuid:proceeding_id>/<slug:source_id>/", views.workbook, name="workbook"),
    path("<uuid:proceeding_id>/<slug:source_id>/download/", views.download, name="download"),
]
