"""The unit, its partners and the offices a file came to become parties; sealed files are kept once."""

from django.db import migrations


def carry_over(apps, schema_editor):
    Proceeding, Partner = (apps.get_model('proceedings', n) for n in ('Proceeding', 'Partner'))
    Party = apps.get_model('proceedings', 'Party')
    replaced = {}
    for row in Proceeding.objects.select_related('cycle__rulebook', 'unit__division'):
        book = row.cycle.rulebook
        if book.pk not in replaced:
            channels = book.content['measures'].get('channels') or []
            replaced[book.pk] = {each['id']: each['replaces'] for each in channels}
        Proceeding.objects.filter(pk=row.pk).update(
            rulebook=book, about=row.unit_id, matter=row.unit_id, exercise=row.cycle.exercise,
            closed_at=row.stage_since if _final(book.content['measures'], row.stage) else None,
        )
        Party.objects.create(
            proceeding=row, capacity='applicant', unit=row.unit, named_at=row.created_at
        )
        for office in row.tiers:
            Party.objects.create(
                proceeding=row, capacity=replaced[book.pk].get(office, office), office=office,
                place=row.unit.division.path, named_at=row.stage_since,
            )
    fields = ('unit_id', 'named_by_id', 'named_at', 'agreed', 'answered_by_id', 'answered_at')
    for partner in Partner.objects.order_by('pk'):
        Party.objects.create(
            proceeding_id=partner.proceeding_id, capacity='partner',
            **{name: getattr(partner, name) for name in fields},
        )


def _final(measures, stage_id):
    """Whether no move leads on from the stage, in either format of what is published."""
    stages = measures.get('stages') or measures['procedures'][0]['stages']
    return not next(stage for stage in stages if stage['id'] == stage_id).get('moves')


KEEP_ONCE = """
    INSERT INTO proceedings_snapshot (digest, content)
    SELECT DISTINCT ON (sealed) sealed, snapshot FROM proceedings_step
    WHERE snapshot IS NOT NULL ORDER BY sealed, id
"""


class Migration(migrations.Migration):

    dependencies = [('proceedings', '0002_parties_voices_turns')]

    operations = [
        migrations.RunPython(carry_over),
        migrations.RunSQL(KEEP_ONCE),
        migrations.RunSQL('UPDATE proceedings_step SET recorded_at = at'),
    ]
