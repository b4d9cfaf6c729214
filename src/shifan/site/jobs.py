"""Timed work, done by the worker that ``shifan serve`` starts beside the site."""

from __future__ import annotations

from procrastinate.contrib.django import app

from shifan.applications.actions import remind
from shifan.demo.clock import now
from shifan.mailbox import post


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="send_letters", lock="send_letters")
def send_letters(timestamp: int) -> None:
    """Every minute: the messages that are due go out."""
    at = now()
    post.collect(at)
    post.deliver(at)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="send_reminders", lock="send_reminders")
def send_reminders(timestamp: int) -> None:
    """Every ten minutes, as only the first time of a day tells anybody: what is due soon."""
    remind(now=now())
