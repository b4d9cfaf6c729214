"""Addresses of signing in and out. Accounts are given, so there is nothing to sign up for, and a
forgotten password is set anew by the operator (``shifan accounts password``)."""

from allauth.account import views
from django.urls import path

from shifan.accounts.views import change_password

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("password/", change_password, name="account_change_password"),
    path("confirm/", views.reauthenticate, name="account_reauthenticate"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("signup/", views.signup, name="account_signup"),
]
