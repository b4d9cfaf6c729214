import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models

from shifan.schema import FORMER


class Migration(migrations.Migration):

    initial = True
    replaces = FORMER

    dependencies = [
        ('proceedings', '0008_whole'),
        ('units', '0006_whole'),
    ]

    operations = [
        migrations.CreateModel(
            name='Title',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('programme', models.CharField(max_length=60)),
                ('level', models.CharField(max_length=60)),
                ('number', models.PositiveIntegerField()),
                ('exercise', models.BooleanField(default=False)),
                ('joint_holders', models.ManyToManyField(related_name='joint_titles', to='units.unit')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='titles', to='units.unit')),
            ],
            options={
                'ordering': ('programme', 'level', 'number'),
                'constraints': [models.UniqueConstraint(fields=('unit', 'programme', 'level', 'exercise'), name='title_once'), models.UniqueConstraint(fields=('programme', 'level', 'exercise', 'number'), name='title_number_once')],
            },
        ),
        migrations.CreateModel(
            name='Bar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('programme', models.CharField(max_length=60)),
                ('exercise', models.BooleanField(default=False)),
                ('office', models.CharField(blank=True, max_length=60)),
                ('place', models.CharField(blank=True, max_length=250)),
                ('since', models.DateField()),
                ('until', models.DateField()),
                ('article', models.PositiveIntegerField(null=True)),
                ('lifted_at', models.DateTimeField(null=True)),
                ('step', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bars', to='proceedings.step')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bars', to='units.unit')),
            ],
            options={
                'ordering': ('since', 'id'),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('office', ''), ('unit__isnull', False)), models.Q(('unit__isnull', True), models.Q(('office', ''), _negated=True)), _connector='OR'), name='bar_on_unit_or_office')],
            },
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('text', models.CharField(blank=True, max_length=1000)),
                ('found_at', models.DateTimeField()),
                ('step', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='proceedings.step')),
                ('title', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='titles.title')),
            ],
            options={
                'ordering': ('found_at', 'id'),
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('awarded', 'The title is awarded'), ('suspended', 'The title is suspended'), ('reinstated', 'A suspension is lifted'), ('revoked', 'The title is revoked'), ('lapsed', 'The title lapses'), ('surrendered', 'The title is given back'), ('superseded', 'Another title takes its place'), ('stayed', 'A decision is put on hold'), ('resumed', 'A decision is no longer on hold'), ('annulled', 'A decision is declared void')], max_length=12)),
                ('holds_from', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('reason', models.CharField(blank=True, max_length=1000)),
                ('article', models.PositiveIntegerField(null=True)),
                ('source', models.CharField(blank=True, max_length=300)),
                ('grade', models.CharField(blank=True, max_length=60)),
                ('until', models.DateField(null=True)),
                ('batch', models.PositiveIntegerField(null=True)),
                ('conditions', models.JSONField(default=list)),
                ('rulebook', models.CharField(blank=True, max_length=100)),
                ('rulebook_digest', models.CharField(blank=True, max_length=64)),
                ('total', models.PositiveIntegerField(null=True)),
                ('precision', models.CharField(choices=[('day', 'day'), ('month', 'month'), ('year', 'year')], default='day', max_length=5)),
                ('former', models.UUIDField(null=True, unique=True)),
                ('step', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='proceedings.step')),
                ('undoes', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_by', to='titles.event')),
                ('title', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='titles.title')),
            ],
            options={
                'ordering': ('holds_from', 'id'),
                'indexes': [models.Index(fields=['title', 'what', 'holds_from'], name='titles_even_title_i_4ee08f_idx'), models.Index(condition=models.Q(('undoes__isnull', False)), fields=['what'], name='event_that_undoes'), models.Index(condition=models.Q(('what', 'awarded')), fields=['batch'], name='event_batch')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('undoes__isnull', False), ('what__in', ['reinstated', 'resumed', 'stayed', 'annulled'])), models.Q(models.Q(('what__in', ['reinstated', 'resumed', 'stayed', 'annulled']), _negated=True), ('undoes__isnull', True)), _connector='OR'), name='event_undoes_what_it_must')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='title',
            trigger=pgtrigger.compiler.Trigger(name='for_good', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='40856b2651c911c631aed9c18010940137b9381d', operation='UPDATE OR DELETE', pgid='pgtrigger_for_good_fba94', table='titles_title', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='event',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d9f4f62cd0586b21b2b6921c79cc809ac5658dd1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ff645', table='titles_event', when='BEFORE')),
        ),
    ]
