"""Addresses of campaigns."""

from django.urls import path

from shifan.surveys import views

app_name = "surveys"
urlpatterns = [
    path("", views.campaigns, name="list"),
    path("new/", views.new, name="new"),
    path("<slug:code>/", views.campaign, name="campaign"),
    path("<slug:code>/strata/", views.strata, name="strata"),
    path("<slug:code>/groups.csv", views.table, name="groups"),
    path("<slug:code>/open/", views.open_, name="open"),
    path("<slug:code>/close/", views.close, name="close"),
    path("<slug:code>/give-up/", views.give_up, name="give_up"),
    path("<slug:code>/codes.csv", views.codes, name="codes"),
    path("<slug:code>/teams/", views.teams, name="teams"),
    path("<slug:code>/poster.pdf", views.poster, name="poster"),
    path("<slug:code>/form.xlsx", views.form, name="form"),
    path("<slug:code>/collected/", views.collected, name="collected"),
    path("<slug:code>/weigh/", views.weigh, name="weigh"),
    path("<slug:code>/state/", views.state, name="state"),
]
