import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from shifan.schema import FORMER


class Migration(migrations.Migration):

    initial = True
    replaces = FORMER

    dependencies = [
        ('accounts', '0006_whole'),
        ('proceedings', '0008_whole'),
        ('units', '0006_whole'),
    ]

    operations = [
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
                'constraints': [models.UniqueConstraint(condition=models.Q(('superseded_at__isnull', True)), fields=('proceeding', 'provision', 'office'), name='one_current_opinion_per_office'), models.CheckConstraint(condition=models.Q(('verdict', 'agree'), models.Q(('reason', ''), _negated=True), _connector='OR'), name='opinion_gives_its_reason'), models.CheckConstraint(condition=models.Q(models.Q(('verdict', 'return'), models.Q(('kind', ''), _negated=True)), models.Q(models.Q(('verdict', 'return'), _negated=True), ('kind', '')), _connector='OR'), name='return_has_a_kind')],
            },
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
                'constraints': [models.UniqueConstraint(fields=('proceeding', 'provision'), name='one_task_per_clause')],
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
    ]
