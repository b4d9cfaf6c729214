import datetime
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
        ('units', '0006_whole'),
    ]

    operations = [
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('address', models.EmailField(max_length=254)),
                ('language', models.CharField(max_length=10)),
                ('state', models.CharField(choices=[('ready', 'waiting'), ('sending', 'being sent'), ('sent', 'sent'), ('unknown', 'not known whether it left'), ('failed', 'not sent')], default='ready', max_length=10)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('due_at', models.DateTimeField()),
                ('claimed_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('error', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ['ready', 'sending'])), fields=['due_at'], name='letters_to_send')],
            },
        ),
        migrations.CreateModel(
            name='Wishes',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(default='zh-hans', max_length=10)),
                ('mail', models.CharField(choices=[('at_once', 'At once'), ('digest', 'Once a day, together'), ('none', 'Not by e-mail')], default='at_once', max_length=10)),
                ('quiet_from', models.TimeField(default=datetime.time(21, 0))),
                ('quiet_until', models.TimeField(default=datetime.time(7, 0))),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='wishes', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200)),
                ('kind', models.CharField(max_length=40)),
                ('params', models.JSONField(default=dict)),
                ('address', models.CharField(max_length=200)),
                ('office', models.CharField(max_length=60)),
                ('programme', models.CharField(blank=True, max_length=60)),
                ('made_at', models.DateTimeField()),
                ('read_at', models.DateTimeField(null=True)),
                ('mail_at', models.DateTimeField(null=True)),
                ('letter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='mailbox.letter')),
                ('receiver', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='units.unit')),
            ],
            options={
                'ordering': ('-made_at', '-id'),
                'indexes': [models.Index(condition=models.Q(('read_at__isnull', True)), fields=['receiver'], name='unread'), models.Index(condition=models.Q(('letter__isnull', True), ('mail_at__isnull', False)), fields=['mail_at'], name='mail_due')],
                'constraints': [models.UniqueConstraint(fields=('receiver', 'key'), name='told_once')],
            },
        ),
    ]
