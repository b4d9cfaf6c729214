import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from shifan.schema import FORMER


PARTS = 8
PARTITIONED = {
    "surveys_receipt": (
        "submission uuid NOT NULL",
        "submission",
    ),
    "surveys_token": (
        "digest bytea NOT NULL, spent boolean NOT NULL",
        "digest",
    ),
    "surveys_answer": (
        "id uuid NOT NULL, day date NOT NULL, stratum varchar(200) NOT NULL, "
        "values jsonb NOT NULL, flags varchar(40)[] NOT NULL",
        "id",
    ),
}
"""Table → its columns beside the campaign, and the one by whose hash it is partitioned."""


def partitioned(table):
    columns, key = PARTITIONED[table]
    made = [
        f"CREATE TABLE {table} (campaign_id uuid NOT NULL REFERENCES surveys_campaign (id) "
        f"DEFERRABLE INITIALLY DEFERRED, {columns}, PRIMARY KEY (campaign_id, {key})) "
        f"PARTITION BY HASH ({key})"
    ]
    made += [
        f"CREATE TABLE {table}_{part} PARTITION OF {table} "
        f"FOR VALUES WITH (MODULUS {PARTS}, REMAINDER {part})"
        for part in range(PARTS)
    ]
    return migrations.RunSQL(made, f"DROP TABLE {table}")


class Migration(migrations.Migration):

    initial = True
    replaces = FORMER

    dependencies = [
        ('accounts', '0006_whole'),
        ('cycles', '0007_whole'),
        ('units', '0006_whole'),
    ]

    operations = [
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=12, unique=True)),
                ('survey', models.CharField(max_length=60)),
                ('assurance', models.CharField(choices=[('open', 'open link'), ('token', 'one answer per token'), ('enumerator', 'enumerators in the field')], max_length=12)),
                ('instrument', models.JSONField()),
                ('strata', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                ('opens_on', models.DateField()),
                ('closes_on', models.DateField()),
                ('made_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='cycles.cycle')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='units.unit')),
            ],
            options={
                'ordering': ('-made_at', 'id'),
                'constraints': [models.CheckConstraint(condition=models.Q(('closes_on__gte', models.F('opens_on'))), name='campaign_ends_after_it_begins')],
            },
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[partitioned('surveys_answer')],
            state_operations=[
                migrations.CreateModel(
                    name='Answer',
                    fields=[
                        ('pk', models.CompositePrimaryKey('campaign_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False)),
                        ('day', models.DateField()),
                        ('stratum', models.CharField(max_length=200)),
                        ('values', models.JSONField()),
                        ('flags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                        ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='surveys.campaign')),
                    ],
                ),
            ],
        ),
        migrations.AddIndex(
            model_name='answer',
            index=models.Index(fields=['campaign', 'day'], name='surveys_ans_campaig_fd4e3b_idx'),
        ),
        migrations.CreateModel(
            name='FieldKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.BinaryField()),
                ('label', models.CharField(max_length=60)),
                ('ended_at', models.DateTimeField(null=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='field_keys', to='surveys.campaign')),
            ],
        ),
        migrations.CreateModel(
            name='Pouch',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('answers', models.PositiveIntegerField()),
                ('sealed', models.BinaryField()),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='pouches', to='surveys.campaign')),
            ],
            options={
                'indexes': [models.Index(fields=['campaign', 'day'], name='surveys_pou_campaig_ccd4d4_idx')],
            },
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[partitioned('surveys_receipt')],
            state_operations=[
                migrations.CreateModel(
                    name='Receipt',
                    fields=[
                        ('pk', models.CompositePrimaryKey('campaign_id', 'submission', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('submission', models.UUIDField()),
                        ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='surveys.campaign')),
                    ],
                ),
            ],
        ),
        migrations.CreateModel(
            name='Stratum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200)),
                ('population', models.PositiveIntegerField(null=True)),
                ('target', models.PositiveIntegerField(null=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='populations', to='surveys.campaign')),
            ],
            options={
                'ordering': ('key',),
                'constraints': [models.UniqueConstraint(fields=('campaign', 'key'), name='stratum_once')],
            },
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[partitioned('surveys_token')],
            state_operations=[
                migrations.CreateModel(
                    name='Token',
                    fields=[
                        ('pk', models.CompositePrimaryKey('campaign_id', 'digest', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('digest', models.BinaryField()),
                        ('spent', models.BooleanField(default=False)),
                        ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to='surveys.campaign')),
                    ],
                ),
            ],
        ),
        migrations.CreateModel(
            name='Weighting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(max_length=40)),
                ('weight', models.PositiveIntegerField()),
                ('reason', models.CharField(max_length=500)),
                ('at', models.DateTimeField()),
                ('superseded_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='weightings', to='surveys.campaign')),
            ],
            options={
                'ordering': ('at', 'id'),
                'constraints': [models.UniqueConstraint(condition=models.Q(('superseded_at__isnull', True)), fields=('campaign', 'rule'), name='one_weighting_per_rule'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='weighting_gives_its_reason'), models.CheckConstraint(condition=models.Q(('weight__lte', 1000)), name='weight_up_to_one')],
            },
        ),
    ]
