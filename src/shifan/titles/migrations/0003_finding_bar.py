import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('proceedings', '0004_what_parties_replace'),
        ('titles', '0002_from_units'),
        ('units', '0003_titles_moved_out'),
    ]

    operations = [
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
            name='Bar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('programme', models.CharField(max_length=60)),
                ('exercise', models.BooleanField(default=False)),
                ('office', models.CharField(blank=True, max_length=60)),
                ('place', models.CharField(blank=True, max_length=60)),
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
    ]
