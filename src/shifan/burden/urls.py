"""Addresses of the burden ledger."""

from django.urls import path

from shifan.burden import views

app_name = "burden"
urlpatterns = [path("", views.burden, name="ledger")]
