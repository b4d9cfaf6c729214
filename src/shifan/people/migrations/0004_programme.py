"""Offices belong to a programme. Those of before belong to the one whose book has their tier; what
says nothing of it belongs to the programme that was first here."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


def fill(apps, schema_editor):
    PublishedRuleBook = apps.get_model('cycles', 'PublishedRuleBook')
    first, by_office, by_kind = '', {}, {}
    for programme, content in PublishedRuleBook.objects.order_by('pk').values_list('programme', 'content'):
        measures = content['measures']
        first = first or programme
        for office in [*measures['tiers'], *measures.get('channels', ())]:
            by_office.setdefault(office['id'], programme)
        for kind in measures['unit_types']:
            by_kind.setdefault(kind['id'], programme)
    for name in ('Membership', 'MembershipEvent', 'Invitation'):
        rows = apps.get_model('people', name).objects.exclude(tier='')
        for tier in set(rows.values_list('tier', flat=True)):
            rows.filter(tier=tier).update(programme=by_office.get(tier, first or 'unknown'))
    claims = apps.get_model('people', 'Claim').objects
    for kind in set(claims.values_list('unit_type', flat=True)):
        claims.filter(unit_type=kind).update(programme=by_kind.get(kind, first))
    apps.get_model('mailbox', 'Message').objects.update(programme=first)


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_membership'),
        ('cycles', '0003_rulebook_without_content'),
        ('mailbox', '0002_programme'),
        ('units', '0003_titles_moved_out'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='membership',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='membership',
            name='update_update',
        ),
        migrations.RemoveConstraint(
            model_name='invitation',
            name='invitation_to_unit_or_office',
        ),
        migrations.RemoveConstraint(
            model_name='membership',
            name='membership_in_unit_or_office',
        ),
        migrations.RemoveConstraint(
            model_name='membership',
            name='membership_once',
        ),
        migrations.AddField(
            model_name='claim',
            name='programme',
            field=models.CharField(default='', max_length=60),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='invitation',
            name='programme',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='membership',
            name='programme',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='membershipevent',
            name='programme',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "people_membershipevent" ("area_id", "department_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme", "role", "tier", "unit_id", "user_id") VALUES (NEW."area_id", NEW."department_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."programme", NEW."role", NEW."tier", NEW."unit_id", NEW."user_id"); RETURN NULL;', hash='7aa28e1ab28738cee2df323309d0bf3ec13421f8', operation='INSERT', pgid='pgtrigger_insert_insert_6bbf7', table='people_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "people_membershipevent" ("area_id", "department_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme", "role", "tier", "unit_id", "user_id") VALUES (NEW."area_id", NEW."department_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."programme", NEW."role", NEW."tier", NEW."unit_id", NEW."user_id"); RETURN NULL;', hash='46357b82cdfb75229f171da7456c3957e6a4c6e5', operation='UPDATE', pgid='pgtrigger_update_update_c12bb', table='people_membership', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('area__isnull', True), ('programme', ''), ('tier', ''), ('unit__isnull', False)), models.Q(('area__isnull', False), ('unit__isnull', True), models.Q(('tier', ''), _negated=True), models.Q(('programme', ''), _negated=True)), _connector='OR'), name='invitation_to_unit_or_office'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('area__isnull', True), ('programme', ''), ('tier', ''), ('unit__isnull', False)), models.Q(('area__isnull', False), ('unit__isnull', True), models.Q(('tier', ''), _negated=True), models.Q(('programme', ''), _negated=True)), _connector='OR'), name='membership_in_unit_or_office'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(fields=('user', 'role', 'unit', 'department', 'programme', 'tier', 'area'), name='membership_once', nulls_distinct=False),
        ),
    ]
