"""An application becomes a proceeding: its tables take the name, and keep every row."""

import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0008_provenance'),
        ('evidence', '0004_versions_periods_uploads'),
        ('cycles', '0002_revision'),
        ('units', '0002_department'),
        ('vault', '0003_asked_at'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    'ALTER TABLE applications_application RENAME TO proceedings_proceeding',
                    'ALTER TABLE proceedings_proceeding RENAME TO applications_application',
                ),
                migrations.RunSQL(
                    'ALTER TABLE applications_partner RENAME TO proceedings_partner',
                    'ALTER TABLE proceedings_partner RENAME TO applications_partner',
                ),
                migrations.RunSQL(
                    'ALTER TABLE applications_step RENAME TO proceedings_step',
                    'ALTER TABLE proceedings_step RENAME TO applications_step',
                ),
                migrations.RunSQL(
                    'ALTER TABLE proceedings_partner RENAME COLUMN application_id TO proceeding_id',
                    'ALTER TABLE proceedings_partner RENAME COLUMN proceeding_id TO application_id',
                ),
                migrations.RunSQL(
                    'ALTER TABLE proceedings_step RENAME COLUMN application_id TO proceeding_id',
                    'ALTER TABLE proceedings_step RENAME COLUMN proceeding_id TO application_id',
                ),
                migrations.RunSQL(
                    'ALTER INDEX application_cycle_i_63f6d5_idx RENAME TO proceedings_cycle_i_cfd212_idx',
                    'ALTER INDEX proceedings_cycle_i_cfd212_idx RENAME TO application_cycle_i_63f6d5_idx',
                ),
                migrations.RunSQL(
                    'ALTER INDEX application_once_per_cycle RENAME TO proceeding_once_per_cycle',
                    'ALTER INDEX proceeding_once_per_cycle RENAME TO application_once_per_cycle',
                ),
            ],
            state_operations=[
                migrations.CreateModel(
                    name='Proceeding',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('stage', models.CharField(max_length=60)),
                        ('stage_since', models.DateTimeField()),
                        ('channel', models.CharField(blank=True, max_length=60)),
                        ('tiers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                        ('total', models.PositiveIntegerField(default=0)),
                        ('verdict', models.CharField(default='incomplete', max_length=20)),
                        ('version', models.PositiveIntegerField(default=0)),
                        ('created_at', models.DateTimeField()),
                        ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proceedings', to='cycles.cycle')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proceedings', to='units.unit')),
                    ],
                    options={
                        'ordering': ('-stage_since', 'id'),
                    },
                ),
                migrations.CreateModel(
                    name='Partner',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('named_at', models.DateTimeField()),
                        ('agreed', models.BooleanField(null=True)),
                        ('answered_at', models.DateTimeField(null=True)),
                        ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('named_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='partnerships', to='units.unit')),
                        ('proceeding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='partners', to='proceedings.proceeding')),
                    ],
                    options={
                        'ordering': ('named_at', 'id'),
                    },
                ),
                migrations.CreateModel(
                    name='Step',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('move', models.CharField(max_length=60)),
                        ('from_stage', models.CharField(blank=True, max_length=60)),
                        ('to_stage', models.CharField(max_length=60)),
                        ('reason', models.CharField(blank=True, max_length=1000)),
                        ('at', models.DateTimeField()),
                        ('total', models.PositiveIntegerField()),
                        ('sealed', models.CharField(max_length=64)),
                        ('snapshot', models.JSONField(null=True)),
                        ('document', models.CharField(blank=True, max_length=120)),
                        ('document_name', models.CharField(blank=True, max_length=200)),
                        ('in_grace', models.BooleanField(default=False)),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                        ('document_file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='vault.storedfile')),
                        ('proceeding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='proceedings.proceeding')),
                    ],
                    options={
                        'ordering': ('at', 'id'),
                    },
                ),
                migrations.AddIndex(
                    model_name='proceeding',
                    index=models.Index(fields=['cycle', 'stage', '-stage_since'], name='proceedings_cycle_i_cfd212_idx'),
                ),
                migrations.AddConstraint(
                    model_name='proceeding',
                    constraint=models.UniqueConstraint(fields=('unit', 'cycle'), name='proceeding_once_per_cycle'),
                ),
                migrations.AddConstraint(
                    model_name='partner',
                    constraint=models.UniqueConstraint(fields=('proceeding', 'unit'), name='partner_once'),
                ),
                ],
        ),
    ]
