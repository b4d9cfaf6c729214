"""Schemes of places beside the Chinese: longer codes, English names."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('titles', '0004_event_that_undoes'),
    ]

    operations = [
        migrations.AlterField(
            model_name='bar',
            name='place',
            field=models.CharField(blank=True, max_length=250),
        ),
    ]
