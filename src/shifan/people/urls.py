"""Addresses of people's roles."""

from django.urls import path

from shifan.people import views

app_name = "people"
urlpatterns = [
    path("", views.people, name="people"),
    path("conflicts/", views.conflicts, name="conflicts"),
    path("units/<uuid:unit_id>/", views.unit, name="unit"),
    path("offices/<slug:programme>/<slug:tier>/<slug:area_code>/", views.office, name="office"),
    path("roles/<int:membership_id>/end/", views.end, name="end"),
    path("roles/<int:membership_id>/hand-over/", views.hand_over, name="hand_over"),
    path("invitations/<uuid:invitation_id>/withdraw/", views.withdraw, name="withdraw"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
    path("account/", views.account, name="account"),
    path("claim/", views.make_claim, name="make_claim"),
    path("claims/<uuid:claim_id>/", views.claim, name="claim"),
]
