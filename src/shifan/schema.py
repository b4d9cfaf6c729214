"""How the database comes to its tables, at once or step by step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

_ALONE = 0x5343_4845  # "SCHE": one at a time makes tables
_STEPS = {
    "accounts": (
        "0001_initial 0002_initial 0003_department 0004_memberships_without_triggers "
        "0005_memberships_moved_out"
    ),
    "applications": (
        "0001_initial 0002_initial 0004_reviews_and_tasks 0005_fact_reused_from 0006_draft "
        "0007_joint_channels_documents 0008_provenance 0009_moved_out"
    ),
    "cycles": (
        "0001_initial 0002_revision 0003_rulebook_without_content 0004_proposal "
        "0005_extensions 0006_survey_form"
    ),
    "demo": "0001_initial",
    "evidence": (
        "0001_initial 0002_reuse_and_pages 0003_stored_files_go_to_the_vault "
        "0004_versions_periods_uploads 0005_proceeding"
    ),
    "ledger": "0001_initial 0002_form",
    "mailbox": "0001_initial 0002_programme",
    "people": "0001_initial 0002_workplace_declaration 0003_membership 0004_programme",
    "proceedings": (
        "0001_initial 0002_parties_voices_turns 0003_carry_over 0004_what_parties_replace "
        "0005_programme 0006_longer_places 0007_batches"
    ),
    "statements": "0001_initial",
    "surveys": "0001_initial",
    "titles": (
        "0001_initial 0002_from_units 0003_finding_bar 0004_event_that_undoes 0005_longer_places"
    ),
    "units": (
        "0001_initial 0002_department 0003_titles_moved_out 0004_longer_places "
        "0005_places_sites_kinds"
    ),
    "vault": "0001_initial 0002_scan_and_sketch 0003_asked_at",
}
FORMER = [(app, name) for app, names in _STEPS.items() for name in names.split()]
"""The steps that a database from before the whole schema goes through. Each app's migration named
``…_whole`` replaces all of them together: on an empty database those run and these do not, on any
other it is the other way round. They go once no database from before is left."""


def is_new() -> bool:
    """Whether the database has never had any of the tables."""
    return FORMER[0] not in MigrationRecorder(connection).applied_migrations()


def migrate() -> None:
    """Bring the database to the present models; a new one comes to them in one piece or not at all.

    Only the tables of the jobs come before: the steps of their kept library need transactions of
    their own. Who comes at the same time waits, and finds it done.
    """
    with _alone():
        new = is_new()
        if new:
            steps = MigrationExecutor(connection)
            steps.migrate(steps.loader.graph.leaf_nodes("procrastinate"))
        with transaction.atomic() if new else nullcontext():
            call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_ALONE])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_ALONE])
