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
        ('proceedings', '0008_whole'),
        ('vault', '0004_whole'),
    ]

    operations = [
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('provision', models.CharField(max_length=40)),
                ('name', models.CharField(max_length=200)),
                ('attached_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(null=True)),
                ('reused', models.BooleanField(default=False)),
                ('effective_from', models.DateField(null=True)),
                ('effective_until', models.DateField(null=True)),
                ('attached_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='vault.storedfile')),
                ('proceeding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='proceedings.proceeding')),
                ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='evidence.attachment')),
            ],
            options={
                'ordering': ('attached_at',),
                'constraints': [models.UniqueConstraint(condition=models.Q(('removed_at__isnull', True)), fields=('proceeding', 'provision', 'file'), name='attached_once'), models.CheckConstraint(condition=models.Q(('effective_from', None), ('effective_until', None), ('effective_from__lte', models.F('effective_until')), _connector='OR'), name='effective_period_runs_forward')],
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('provision', models.CharField(max_length=40)),
                ('name', models.CharField(max_length=200)),
                ('length', models.PositiveBigIntegerField()),
                ('expires_at', models.DateTimeField()),
                ('attachment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='evidence.attachment')),
                ('proceeding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='proceedings.proceeding')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('expires_at',),
            },
        ),
    ]
