import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from shifan.schema import FORMER


class Migration(migrations.Migration):

    initial = True
    replaces = FORMER

    dependencies = [
        ('accounts', '0006_whole'),
    ]

    operations = [
        migrations.CreateModel(
            name='SurveyForm',
            fields=[
                ('digest', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('content', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='PublishedRuleBook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('programme', models.CharField(max_length=60)),
                ('version', models.CharField(max_length=40)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('content', models.JSONField()),
                ('effective_from', models.DateField()),
                ('effective_until', models.DateField(null=True)),
                ('published_at', models.DateTimeField()),
            ],
            options={
                'ordering': ('programme', '-effective_from', '-revision'),
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('programme', 'version', 'revision'), name='rulebook_revision_once')],
            },
        ),
        migrations.CreateModel(
            name='Cycle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveIntegerField()),
                ('batch', models.PositiveIntegerField()),
                ('exercise', models.BooleanField(default=False)),
                ('opened_at', models.DateTimeField()),
                ('extended', models.JSONField(default=dict)),
                ('rulebook', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='cycles.publishedrulebook')),
            ],
            options={
                'ordering': ('-year',),
                'constraints': [models.UniqueConstraint(fields=('rulebook', 'year', 'exercise'), name='cycle_once')],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('programme', models.CharField(max_length=60)),
                ('content', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('proposed_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('published', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='cycles.publishedrulebook')),
            ],
            options={
                'ordering': ('-proposed_at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='Extension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('procedure_id', models.CharField(max_length=60)),
                ('deadline_id', models.CharField(max_length=60)),
                ('until', models.DateField()),
                ('reason', models.CharField(max_length=1000)),
                ('document', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extensions', to='cycles.cycle')),
            ],
            options={
                'ordering': ('at', 'id'),
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publishedrulebook',
            trigger=pgtrigger.compiler.Trigger(name='immutable', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f4149edb762ee1c83df23dab756aa9b2d6124904', operation='UPDATE OR DELETE', pgid='pgtrigger_immutable_8972e', table='cycles_publishedrulebook', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='extension',
            trigger=pgtrigger.compiler.Trigger(name='for_good', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3b61782020526061283cf57f5e7e0b9b6ac313ba', operation='UPDATE OR DELETE', pgid='pgtrigger_for_good_36d48', table='cycles_extension', when='BEFORE')),
        ),
    ]
