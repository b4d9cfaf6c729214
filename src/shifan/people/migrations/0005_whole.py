import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models

from shifan.schema import FORMER


class Migration(migrations.Migration):

    initial = True
    replaces = FORMER

    dependencies = [
        ('accounts', '0006_whole'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('units', '0006_whole'),
    ]

    operations = [
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('lead', 'lead'), ('clerk', 'clerk'), ('contributor', 'contributor'), ('reviewer', 'reviewer'), ('approver', 'approver'), ('officer', 'officer'), ('auditor', 'auditor')], max_length=20)),
                ('programme', models.CharField(blank=True, max_length=60)),
                ('tier', models.CharField(blank=True, max_length=60)),
                ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='units.division')),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='units.department')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='units.unit')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('area__isnull', True), ('programme', ''), ('tier', ''), ('unit__isnull', False)), models.Q(('area__isnull', False), ('unit__isnull', True), models.Q(('tier', ''), _negated=True), models.Q(('programme', ''), _negated=True)), _connector='OR'), name='membership_in_unit_or_office'), models.CheckConstraint(condition=models.Q(models.Q(('department__isnull', False), ('role', 'contributor')), models.Q(models.Q(('role', 'contributor'), _negated=True), ('department__isnull', True)), _connector='OR'), name='contributor_has_department'), models.UniqueConstraint(fields=('user', 'role', 'unit', 'department', 'programme', 'tier', 'area'), name='membership_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='Workplace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('employer', models.CharField(max_length=120)),
                ('division', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.division')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='workplace', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('programme', models.CharField(max_length=60)),
                ('unit_type', models.CharField(max_length=60)),
                ('name', models.CharField(max_length=120)),
                ('is_area', models.BooleanField()),
                ('grounds', models.CharField(max_length=500)),
                ('made_at', models.DateTimeField()),
                ('granted', models.BooleanField(null=True)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='units.division')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('decided_at', 'made_at'),
                'constraints': [models.UniqueConstraint(condition=models.Q(('granted__isnull', True)), fields=('user',), name='one_open_claim'), models.CheckConstraint(condition=models.Q(models.Q(('granted', False), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='refused_claim_gives_its_reason')],
            },
        ),
        migrations.CreateModel(
            name='Declaration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort', models.CharField(choices=[('worked_for', 'worked for it'), ('advised', 'advised it'), ('kin', 'has kin there'), ('other', 'other')], max_length=12)),
                ('until', models.DateField(null=True)),
                ('made_at', models.DateTimeField()),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='declarations', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('made_at',),
                'constraints': [models.UniqueConstraint(fields=('user', 'unit', 'sort'), name='declared_once')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('lead', 'lead'), ('clerk', 'clerk'), ('contributor', 'contributor'), ('reviewer', 'reviewer'), ('approver', 'approver'), ('officer', 'officer'), ('auditor', 'auditor')], max_length=20)),
                ('programme', models.CharField(blank=True, max_length=60)),
                ('tier', models.CharField(blank=True, max_length=60)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('area', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='units.division')),
                ('department', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='units.department')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taken_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='units.unit')),
            ],
            options={
                'ordering': ('-made_at',),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('area__isnull', True), ('programme', ''), ('tier', ''), ('unit__isnull', False)), models.Q(('area__isnull', False), ('unit__isnull', True), models.Q(('tier', ''), _negated=True), models.Q(('programme', ''), _negated=True)), _connector='OR'), name='invitation_to_unit_or_office')],
            },
        ),
        migrations.CreateModel(
            name='MembershipEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('role', models.CharField(choices=[('lead', 'lead'), ('clerk', 'clerk'), ('contributor', 'contributor'), ('reviewer', 'reviewer'), ('approver', 'approver'), ('officer', 'officer'), ('auditor', 'auditor')], max_length=20)),
                ('programme', models.CharField(blank=True, max_length=60)),
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
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "people_membershipevent" ("area_id", "department_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme", "role", "tier", "unit_id", "user_id") VALUES (NEW."area_id", NEW."department_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."programme", NEW."role", NEW."tier", NEW."unit_id", NEW."user_id"); RETURN NULL;', hash='7aa28e1ab28738cee2df323309d0bf3ec13421f8', operation='INSERT', pgid='pgtrigger_insert_insert_6bbf7', table='people_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "people_membershipevent" ("area_id", "department_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme", "role", "tier", "unit_id", "user_id") VALUES (NEW."area_id", NEW."department_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."programme", NEW."role", NEW."tier", NEW."unit_id", NEW."user_id"); RETURN NULL;', hash='46357b82cdfb75229f171da7456c3957e6a4c6e5', operation='UPDATE', pgid='pgtrigger_update_update_c12bb', table='people_membership', when='AFTER')),
        ),
    ]
