"""Parties, voices and turns as rows; a file sealed once by its digest."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cycles', '0002_revision'),
        ('proceedings', '0001_initial'),
        ('units', '0003_titles_moved_out'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Party',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('capacity', models.CharField(max_length=60)),
                ('office', models.CharField(blank=True, max_length=60)),
                ('place', models.CharField(blank=True, max_length=60)),
                ('named_at', models.DateTimeField()),
                ('agreed', models.BooleanField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('aside', models.BooleanField(default=False)),
                ('reason', models.CharField(blank=True, max_length=1000)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ('named_at', 'id'),
            },
        ),
        migrations.CreateModel(
            name='Snapshot',
            fields=[
                ('digest', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('content', models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name='Turn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(blank=True, max_length=20)),
                ('move', models.CharField(blank=True, max_length=60)),
                ('due_at', models.DateTimeField(null=True)),
                ('brings', models.CharField(blank=True, max_length=12)),
            ],
            options={
                'ordering': ('due_at', 'id'),
            },
        ),
        migrations.CreateModel(
            name='Voice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('choice', models.CharField(max_length=60)),
                ('reason', models.CharField(blank=True, max_length=1000)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ('at', 'id'),
            },
        ),
        migrations.AddField(
            model_name='proceeding',
            name='about',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='proceeding',
            name='closed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='proceeding',
            name='exercise',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='proceeding',
            name='matter',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='proceeding',
            name='occasion',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='proceeding',
            name='origin',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='opened', to='proceedings.step'),
        ),
        migrations.AddField(
            model_name='proceeding',
            name='part_of',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='proceedings.proceeding'),
        ),
        migrations.AddField(
            model_name='proceeding',
            name='procedure_id',
            field=models.CharField(default='application', max_length=60),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='proceeding',
            name='rulebook',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proceedings', to='cycles.publishedrulebook'),
        ),
        migrations.AddField(
            model_name='step',
            name='recorded_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='proceeding',
            name='cycle',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proceedings', to='cycles.cycle'),
        ),
        migrations.AddIndex(
            model_name='proceeding',
            index=models.Index(fields=['matter', 'procedure_id'], name='proceedings_matter_6fde6c_idx'),
        ),
        migrations.AddField(
            model_name='party',
            name='answered_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='party',
            name='named_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='party',
            name='proceeding',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parties', to='proceedings.proceeding'),
        ),
        migrations.AddField(
            model_name='party',
            name='unit',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='partnerships', to='units.unit'),
        ),
        migrations.AddField(
            model_name='party',
            name='user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='turn',
            name='party',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='turns', to='proceedings.party'),
        ),
        migrations.AddField(
            model_name='turn',
            name='proceeding',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='turns', to='proceedings.proceeding'),
        ),
        migrations.AddField(
            model_name='voice',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='voice',
            name='party',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voices', to='proceedings.party'),
        ),
        migrations.AddField(
            model_name='voice',
            name='proceeding',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voices', to='proceedings.proceeding'),
        ),
        migrations.AddField(
            model_name='voice',
            name='since',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='proceedings.step'),
        ),
        migrations.AddIndex(
            model_name='party',
            index=models.Index(condition=models.Q(('ended_at__isnull', True), models.Q(('office', ''), _negated=True)), fields=['office', 'place'], name='party_office', opclasses=['text_ops', 'text_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='turn',
            index=models.Index(condition=models.Q(('party__isnull', True)), fields=['due_at'], name='turn_of_the_clock'),
        ),
    ]
