"""Every title of the register becomes an award of the one title its unit has at the level.

The oldest award gives the title its id; the others keep their old address as ``former``. When it
was recorded says the history that was kept of each row.
"""

from datetime import UTC, datetime, time

from django.db import migrations


def carry_over(apps, schema_editor):
    Old, History = apps.get_model('units', 'Title'), apps.get_model('units', 'TitleEvent')
    Title, Event = apps.get_model('titles', 'Title'), apps.get_model('titles', 'Event')
    Step = apps.get_model('proceedings', 'Step')
    history = {}
    for row in History.objects.order_by('pgh_id'):
        history.setdefault(row.id, []).append(row)
    titles, numbers, events = {}, {}, []
    for old in Old.objects.order_by('awarded_on', 'batch', 'unit_id', 'id'):
        past = history.get(old.id, [])
        recorded_at = (
            past[0].pgh_created_at if past else datetime.combine(old.awarded_on, time(), UTC)
        )
        group = old.programme, old.level, old.exercise
        key = old.unit_id, *group
        first = key not in titles
        if first:
            numbers[group] = numbers.get(group, 0) + 1
            titles[key] = Title.objects.create(
                id=old.id, unit_id=old.unit_id, programme=old.programme, level=old.level,
                exercise=old.exercise, number=numbers[group],
            )
        events.append(Event(
            title=titles[key], what='awarded', holds_from=old.awarded_on, recorded_at=recorded_at,
            until=old.valid_until, batch=old.batch, precision=old.awarded_precision,
            rulebook=old.rulebook, rulebook_digest=old.rulebook_digest, total=old.total,
            source=old.source, step=_step(Step, old, recorded_at),
            former=None if first else old.id,
        ))
        if old.revoked_on is not None:
            known = [row.pgh_created_at for row in past if row.revoked_on is not None]
            events.append(Event(
                title=titles[key], what='revoked', holds_from=old.revoked_on,
                recorded_at=min(known, default=recorded_at), source=old.source,
            ))
    for event in sorted(events, key=lambda event: (event.holds_from, event.what)):
        event.save()  # in this order: what ends a title ends what was awarded before


def _step(Step, old, recorded_at):
    """The step that awarded it, of a proceeding in this system."""
    if not old.source.startswith('shifan:'):
        return None
    steps = Step.objects.filter(proceeding_id=old.source.removeprefix('shifan:'))
    return steps.order_by('-at', '-id').first()


class Migration(migrations.Migration):

    dependencies = [
        ('titles', '0001_initial'),
        ('units', '0002_department'),
    ]

    operations = [migrations.RunPython(carry_over)]
