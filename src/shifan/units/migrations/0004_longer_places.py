"""Schemes of places beside the Chinese: longer codes, English names."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('units', '0003_titles_moved_out'),
    ]

    operations = [
        migrations.AddField(
            model_name='division',
            name='name_en',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AlterField(
            model_name='division',
            name='code',
            field=models.CharField(max_length=40, primary_key=True, serialize=False),
        ),
        migrations.AlterField(
            model_name='division',
            name='name',
            field=models.CharField(max_length=120),
        ),
        migrations.AlterField(
            model_name='division',
            name='path',
            field=models.CharField(max_length=250, unique=True),
        ),
    ]
