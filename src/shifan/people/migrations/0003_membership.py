"""Memberships move here, with every row and their history."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_memberships_without_triggers'),
        ('people', '0002_workplace_declaration'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('units', '0003_titles_moved_out'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    'ALTER TABLE accounts_membership RENAME TO people_membership',
                    'ALTER TABLE people_membership RENAME TO accounts_membership',
                ),
                migrations.RunSQL(
                    'ALTER TABLE accounts_membershipevent RENAME TO people_membershipevent',
                    'ALTER TABLE people_membershipevent RENAME TO accounts_membershipevent',
                ),
            ],
            state_operations=[
                migrations.CreateModel(
                    name='Membership',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('role', models.CharField(choices=[('lead', 'lead'), ('clerk', 'clerk'), ('contributor', 'contributor'), ('reviewer', 'reviewer'), ('approver', 'approver'), ('officer', 'officer'), ('auditor', 'auditor')], max_length=20)),
                        ('tier', models.CharField(blank=True, max_length=60)),
                        ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='units.division')),
                        ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='units.department')),
                        ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='units.unit')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='MembershipEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('role', models.CharField(choices=[('lead', 'lead'), ('clerk', 'clerk'), ('contributor', 'contributor'), ('reviewer', 'reviewer'), ('approver', 'approver'), ('officer', 'officer'), ('auditor', 'auditor')], max_length=20)),
                        ('tier', models.CharField(blank=True, max_length=60)),
                        ('area', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='units.division')),
                        ('department', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='units.department')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='people.membership')),
                        ('unit', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='units.unit')),
                        ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.AddConstraint(
                    model_name='membership',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('area__isnull', True), ('tier', ''), ('unit__isnull', False)), models.Q(('area__isnull', False), ('unit__isnull', True), models.Q(('tier', ''), _negated=True)), _connector='OR'), name='membership_in_unit_or_office'),
                ),
                migrations.AddConstraint(
                    model_name='membership',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('department__isnull', False), ('role', 'contributor')), models.Q(models.Q(('role', 'contributor'), _negated=True), ('department__isnull', True)), _connector='OR'), name='contributor_has_department'),
                ),
                migrations.AddConstraint(
                    model_name='membership',
                    constraint=models.UniqueConstraint(fields=('user', 'role', 'unit', 'department', 'tier', 'area'), name='membership_once', nulls_distinct=False),
                ),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "people_membershipevent" ("area_id", "department_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "tier", "unit_id", "user_id") VALUES (NEW."area_id", NEW."department_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role", NEW."tier", NEW."unit_id", NEW."user_id"); RETURN NULL;', hash='6cd4908c9838b9fb025e12b8fc441d91df1087ec', operation='INSERT', pgid='pgtrigger_insert_insert_6bbf7', table='people_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "people_membershipevent" ("area_id", "department_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "tier", "unit_id", "user_id") VALUES (NEW."area_id", NEW."department_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role", NEW."tier", NEW."unit_id", NEW."user_id"); RETURN NULL;', hash='c1ce9e9453ca4209a9e927cb7bf403938e814e1b', operation='UPDATE', pgid='pgtrigger_update_update_c12bb', table='people_membership', when='AFTER')),
        ),
    ]
