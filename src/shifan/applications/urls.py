"""Addresses of applications."""

from django.urls import path

from shifan.applications.views import file as views

app_name = "applications"
urlpatterns = [
    path("", views.list_applications, name="list"),
    path("start/<uuid:unit_id>/<int:cycle_id>/", views.start, name="start"),
    path("<uuid:application_id>/", views.workspace, name="workspace"),
    path("<uuid:application_id>/clauses/<str:provision_id>/", views.clause, name="clause"),
    path("<uuid:application_id>/clauses/<str:provision_id>/state/", views.state_fact, name="state"),
    path("<uuid:application_id>/sheet/<slug:source_id>/", views.sheet, name="sheet"),
    path("<uuid:application_id>/steps/", views.steps, name="steps"),
    path("<uuid:application_id>/move/<slug:move_id>/", views.move, name="move"),
    path("<uuid:application_id>/receipts/<int:step_id>/", views.receipt, name="receipt"),
]
