import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from shifan.schema import FORMER


class Migration(migrations.Migration):

    initial = True
    replaces = FORMER

    dependencies = [
        ('accounts', '0006_whole'),
        ('cycles', '0007_whole'),
        ('units', '0006_whole'),
        ('vault', '0004_whole'),
    ]

    operations = [
        migrations.CreateModel(
            name='Snapshot',
            fields=[
                ('digest', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('content', models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name='Proceeding',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('procedure_id', models.CharField(max_length=60)),
                ('area', models.CharField(blank=True, max_length=250)),
                ('about', models.UUIDField()),
                ('matter', models.UUIDField()),
                ('occasion', models.CharField(blank=True, max_length=80)),
                ('exercise', models.BooleanField(default=False)),
                ('stage', models.CharField(max_length=60)),
                ('stage_since', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('channel', models.CharField(blank=True, max_length=60)),
                ('total', models.PositiveIntegerField(default=0)),
                ('verdict', models.CharField(default='incomplete', max_length=20)),
                ('version', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('cycle', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proceedings', to='cycles.cycle')),
                ('part_of', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='proceedings.proceeding')),
                ('rulebook', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proceedings', to='cycles.publishedrulebook')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proceedings', to='units.unit')),
            ],
            options={
                'ordering': ('-stage_since', 'id'),
                'indexes': [models.Index(fields=['cycle', 'stage', '-stage_since'], name='proceedings_cycle_i_cfd212_idx'), models.Index(fields=['matter', 'procedure_id'], name='proceedings_matter_6fde6c_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('cycle__isnull', False)), fields=('unit', 'cycle', 'procedure_id'), name='proceeding_once_per_cycle'), models.UniqueConstraint(condition=models.Q(('occasion', ''), _negated=True), fields=('procedure_id', 'about', 'occasion'), name='opened_once_an_occasion'), models.CheckConstraint(condition=models.Q(models.Q(('area', ''), ('unit__isnull', False)), models.Q(('unit__isnull', True), models.Q(('area', ''), _negated=True)), _connector='OR'), name='about_a_unit_or_in_an_area')],
            },
        ),
        migrations.CreateModel(
            name='Party',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('capacity', models.CharField(max_length=60)),
                ('programme', models.CharField(blank=True, max_length=60)),
                ('office', models.CharField(blank=True, max_length=60)),
                ('place', models.CharField(blank=True, max_length=250)),
                ('named_at', models.DateTimeField()),
                ('agreed', models.BooleanField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('aside', models.BooleanField(default=False)),
                ('reason', models.CharField(blank=True, max_length=1000)),
                ('ended_at', models.DateTimeField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('named_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='partnerships', to='units.unit')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to=settings.AUTH_USER_MODEL)),
                ('proceeding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parties', to='proceedings.proceeding')),
            ],
            options={
                'ordering': ('named_at', 'id'),
                'indexes': [models.Index(condition=models.Q(('ended_at__isnull', True), models.Q(('office', ''), _negated=True)), fields=['office', 'place'], name='party_office', opclasses=['text_ops', 'text_pattern_ops'])],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('proceeding', 'capacity', 'unit', 'office', 'user'), name='party_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('office', ''), ('unit__isnull', False), ('user__isnull', True)), models.Q(('office', ''), ('unit__isnull', True), ('user__isnull', False)), models.Q(('unit__isnull', True), ('user__isnull', True), models.Q(('office', ''), _negated=True)), _connector='OR'), name='party_is_one_of_unit_office_person'), models.CheckConstraint(condition=models.Q(models.Q(('office', ''), ('programme', '')), models.Q(models.Q(('office', ''), _negated=True), models.Q(('programme', ''), _negated=True)), _connector='OR'), name='office_of_a_programme')],
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
                ('recorded_at', models.DateTimeField()),
                ('total', models.PositiveIntegerField()),
                ('sealed', models.CharField(max_length=64)),
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
        migrations.CreateModel(
            name='Turn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(blank=True, max_length=20)),
                ('move', models.CharField(blank=True, max_length=60)),
                ('due_at', models.DateTimeField(null=True)),
                ('brings', models.CharField(blank=True, max_length=12)),
                ('party', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='turns', to='proceedings.party')),
                ('proceeding', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='turns', to='proceedings.proceeding')),
            ],
            options={
                'ordering': ('due_at', 'id'),
                'indexes': [models.Index(condition=models.Q(('party__isnull', True)), fields=['due_at'], name='turn_of_the_clock')],
            },
        ),
        migrations.CreateModel(
            name='Voice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('choice', models.CharField(max_length=60)),
                ('reason', models.CharField(blank=True, max_length=1000)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voices', to='proceedings.party')),
                ('proceeding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voices', to='proceedings.proceeding')),
                ('since', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='proceedings.step')),
            ],
            options={
                'ordering': ('at', 'id'),
                'constraints': [models.UniqueConstraint(fields=('party', 'since'), name='one_voice_a_party')],
            },
        ),
        migrations.AddField(
            model_name='proceeding',
            name='origin',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='opened', to='proceedings.step'),
        ),
    ]
