"""Addresses of the demo; part of the site only in demo mode."""

from django.urls import path

from shifan.demo import views

app_name = "demo"
urlpatterns = [
    path("sign-in/<slug:username>/", views.sign_in, name="sign_in"),
    path("advance/<int:days>/", views.advance, name="advance"),
]
