"""Timed work, done by the worker that ``shifan serve`` starts beside the site."""

from __future__ import annotations

from procrastinate.contrib.django import app

from shifan.demo.clock import now
from shifan.evidence import uploads
from shifan.evidence.actions import tell_of_refused
from shifan.mailbox import post
from shifan.statements.actions import remind
from shifan.surveys.mixing import mix_all
from shifan.titles.openings import strike
from shifan.vault import actions as vault


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


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="look_at_files", lock="look_at_files")
def look_at_files(timestamp: int) -> None:
    """Every minute: the scanner sees what came in; its pages are counted, what it is like found."""
    at = now()
    vault.scan_waiting(now=at)
    tell_of_refused(now=at)
    vault.look_at_new(now=at)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="strike_clock", lock="strike_clock")
def strike_clock(timestamp: int) -> None:
    """Every minute: moves whose moment has come are made, and what is due begins."""
    strike(now=now())


@app.periodic(cron="0 * * * *")
@app.task(queueing_lock="drop_uploads", lock="drop_uploads")
def drop_uploads(timestamp: int) -> None:
    """Every hour: uploads that did not become complete in time are thrown away."""
    uploads.drop_expired(now=now())


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="mix_answers", lock="mix_answers")
def mix_answers(timestamp: int) -> None:
    """Every ten minutes: answers of days gone by and of closed campaigns are mixed."""
    mix_all(now())
