import django.db.models.deletion
from django.db import migrations, models

from shifan.schema import FORMER


class Migration(migrations.Migration):

    initial = True
    replaces = FORMER

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('sha256', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('size', models.PositiveBigIntegerField()),
                ('media_type', models.CharField(max_length=100)),
                ('stored_at', models.DateTimeField()),
                ('scan', models.CharField(choices=[('none', 'not scanned'), ('waiting', 'being checked'), ('clean', 'clean'), ('refused', 'refused by the virus scanner')], default='none', max_length=10)),
                ('finding', models.CharField(blank=True, max_length=200)),
                ('asked_at', models.DateTimeField(null=True)),
                ('looked_at', models.DateTimeField(null=True)),
                ('pages', models.PositiveIntegerField(null=True)),
                ('sketch', models.BinaryField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('scan', 'waiting')), fields=['stored_at'], name='file_to_scan'), models.Index(condition=models.Q(('looked_at__isnull', True)), fields=['stored_at'], name='file_to_look_at')],
            },
        ),
        migrations.CreateModel(
            name='LikenessKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.BigIntegerField()),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keys', to='vault.storedfile')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('key', 'file'), name='likeness_key_once')],
            },
        ),
    ]
