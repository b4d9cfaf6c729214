"""Addresses of messages."""

from django.urls import path

from shifan.mailbox import views

app_name = "mailbox"
urlpatterns = [
    path("", views.messages, name="messages"),
    path("<int:message_id>/", views.follow, name="follow"),
    path("read/", views.read_all, name="read_all"),
    path("wishes/", views.wishes, name="wishes"),
    path("outbox/", views.outbox, name="outbox"),
    path("outbox/<uuid:letter_id>/again/", views.send_again, name="send_again"),
]
