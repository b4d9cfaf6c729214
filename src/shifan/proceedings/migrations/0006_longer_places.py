"""Schemes of places beside the Chinese: longer codes, English names."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('proceedings', '0005_programme'),
    ]

    operations = [
        migrations.AlterField(
            model_name='party',
            name='place',
            field=models.CharField(blank=True, max_length=250),
        ),
    ]
