"""What is stated on a proceeding stands in a room of its own; the tables move with every row."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0008_provenance'),
        ('evidence', '0004_versions_periods_uploads'),
        ('proceedings', '0001_initial'),
        ('units', '0002_department'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    'ALTER TABLE applications_fact RENAME TO statements_fact',
                    'ALTER TABLE statements_fact RENAME TO applications_fact',
                ),
                migrations.RunSQL(
                    'ALTER TABLE applications_draft RENAME TO statements_draft',
                    'ALTER TABLE statements_draft RENAME TO applications_draft',
                ),
                migrations.RunSQL(
                    'ALTER TABLE applications_opinion RENAME TO statements_opinion',
                    'ALTER TABLE statements_opinion RENAME TO applications_opinion',
                ),
                migrations.RunSQL(
                    'ALTER TABLE applications_reply RENAME TO statements_reply',
                    'ALTER TABLE statements_reply RENAME TO applications_reply',
                ),
                migrations.RunSQL(
                    'ALTER TABLE applications_task RENAME TO statements_task',
                    'ALTER TABLE statements_task RENAME TO applications_task',
                ),
                migrations.RunSQL(
                    'ALTER TABLE statements_fact RENAME COLUMN application_id TO proceeding_id',
                    'ALTER TABLE statements_fact RENAME COLUMN proceeding_id TO application_id',
                ),
                migrations.RunSQL(
                    'ALTER TABLE statements_draft RENAME COLUMN application_id TO proceeding_id',
                    'ALTER TABLE statements_draft RENAME COLUMN proceeding_id TO application_id',
                ),
                migrations.RunSQL(
                    'ALTER TABLE statements_opinion RENAME COLUMN application_id TO proceeding_id',
                    'ALTER TABLE statements_opinion RENAME COLUMN proceeding_id TO application_id',
                ),
                migrations.RunSQL(
                    'ALTER TABLE statements_task RENAME COLUMN application_id TO proceeding_id',
                    'ALTER TABLE statements_task RENAME COLUMN proceeding_id TO application_id',
                ),
            ],
            state_operations=[
                migrations.CreateModel(
                    name='Opinion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('provision', models.CharField(max_length=40)),
                        ('office', models.CharField(max_length=60)),
                        ('verdict', models.CharField(choices=[('agree', 'agree'), ('adjust', 'adjust'), ('return', 'return')], max_length=10)),
                        ('kind', models.CharField(blank=True, max_length=60)),
                        ('reason', models.CharField(blank=True, max_length=1000)),
                        ('basis', models.CharField(max_length=64)),
                        ('at', models.DateTimeField()),
                        ('superseded_at', models.DateTimeField(null=True)),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                        ('proceeding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='proceedings.proceeding')),
                    ],
                    options={
                        'ordering': ('at', 'id'),
                    },
                ),
                migrations.CreateModel(
                    name='Reply',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('text', models.CharField(max_length=1000)),
                        ('at', models.DateTimeField()),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                        ('opinion', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reply', to='statements.opinion')),
                    ],
                ),
                migrations.CreateModel(
                    name='Task',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('provision', models.CharField(max_length=40)),
                        ('due_on', models.DateField(null=True)),
                        ('given_at', models.DateTimeField()),
                        ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='units.department')),
                        ('given_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                        ('proceeding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='proceedings.proceeding')),
                    ],
                    options={
                        'ordering': ('due_on', 'id'),
                    },
                ),
                migrations.CreateModel(
                    name='Draft',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('provision', models.CharField(max_length=40)),
                        ('source', models.CharField(max_length=60)),
                        ('values', models.JSONField()),
                        ('note', models.CharField(blank=True, max_length=500)),
                        ('over', models.BigIntegerField()),
                        ('at', models.DateTimeField()),
                        ('proceeding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='proceedings.proceeding')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ('at', 'id'),
                        'constraints': [models.UniqueConstraint(fields=('proceeding', 'provision', 'source', 'user'), name='one_draft_per_user')],
                    },
                ),
                migrations.CreateModel(
                    name='Fact',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('provision', models.CharField(max_length=40)),
                        ('source', models.CharField(max_length=60)),
                        ('values', models.JSONField()),
                        ('note', models.CharField(blank=True, max_length=500)),
                        ('provenance', models.JSONField(default=dict)),
                        ('stated_at', models.DateTimeField()),
                        ('superseded_at', models.DateTimeField(null=True)),
                        ('proceeding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='facts', to='proceedings.proceeding')),
                        ('reused_from', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='statements.fact')),
                        ('stated_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ('stated_at', 'id'),
                        'constraints': [models.UniqueConstraint(condition=models.Q(('superseded_at__isnull', True)), fields=('proceeding', 'provision', 'source'), name='one_current_fact_per_source')],
                    },
                ),
                migrations.AddConstraint(
                    model_name='opinion',
                    constraint=models.UniqueConstraint(condition=models.Q(('superseded_at__isnull', True)), fields=('proceeding', 'provision', 'office'), name='one_current_opinion_per_office'),
                ),
                migrations.AddConstraint(
                    model_name='opinion',
                    constraint=models.CheckConstraint(condition=models.Q(('verdict', 'agree'), models.Q(('reason', ''), _negated=True), _connector='OR'), name='opinion_gives_its_reason'),
                ),
                migrations.AddConstraint(
                    model_name='opinion',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('verdict', 'return'), models.Q(('kind', ''), _negated=True)), models.Q(models.Q(('verdict', 'return'), _negated=True), ('kind', '')), _connector='OR'), name='return_has_a_kind'),
                ),
                migrations.AddConstraint(
                    model_name='task',
                    constraint=models.UniqueConstraint(fields=('proceeding', 'provision'), name='one_task_per_clause'),
                ),
                ],
        ),
    ]
