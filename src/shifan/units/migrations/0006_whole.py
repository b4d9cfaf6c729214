import django.db.models.deletion
import uuid
from django.db import migrations, models

from shifan.schema import FORMER


class Migration(migrations.Migration):

    initial = True
    replaces = FORMER

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Division',
            fields=[
                ('code', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120)),
                ('name_en', models.CharField(blank=True, max_length=120)),
                ('level', models.CharField(choices=[('country', 'country'), ('province', 'province'), ('prefecture', 'prefecture'), ('county', 'county'), ('township', 'township'), ('village', 'village')], max_length=12)),
                ('path', models.CharField(max_length=250, unique=True)),
                ('placeholder', models.BooleanField(default=False)),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='units.division')),
            ],
            options={
                'ordering': ('code',),
                'indexes': [models.Index(fields=['path'], name='division_subtree', opclasses=['text_pattern_ops']), models.Index(fields=['level'], name='units_divis_level_96554b_idx')],
            },
        ),
        migrations.CreateModel(
            name='CreationRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_on', models.DateField()),
                ('ended_on', models.DateField(null=True)),
                ('source', models.CharField(max_length=200)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='units.division')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('division', 'started_on'), name='creation_record_once')],
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120)),
                ('unit_type', models.CharField(max_length=60)),
                ('kinds', models.JSONField(blank=True, default=dict)),
                ('is_area', models.BooleanField(default=False)),
                ('also_in', models.ManyToManyField(blank=True, related_name='+', to='units.division')),
                ('division', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='units', to='units.division')),
            ],
            options={
                'ordering': ('division_id', 'name'),
                'constraints': [models.UniqueConstraint(fields=('name', 'unit_type', 'division'), name='unit_once', nulls_distinct=False), models.UniqueConstraint(condition=models.Q(('is_area', True)), fields=('division', 'unit_type'), name='area_unit_once')],
            },
        ),
        migrations.CreateModel(
            name='Site',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sites', to='units.unit')),
            ],
            options={
                'ordering': ('name',),
                'constraints': [models.UniqueConstraint(fields=('unit', 'name'), name='site_once')],
            },
        ),
        migrations.CreateModel(
            name='Department',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='departments', to='units.unit')),
            ],
            options={
                'ordering': ('name',),
                'constraints': [models.UniqueConstraint(fields=('unit', 'name'), name='department_once')],
            },
        ),
    ]
