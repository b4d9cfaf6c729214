"""A message is about a matter of a programme; people/0004 says of which those of before are."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mailbox', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='programme',
            field=models.CharField(blank=True, max_length=60),
        ),
    ]
