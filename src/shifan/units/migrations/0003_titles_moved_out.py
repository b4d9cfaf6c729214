"""Titles stand in a room of their own, as their events."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('units', '0002_department'),
        ('titles', '0002_from_units'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='titleevent',
            name='pgh_obj',
        ),
        migrations.RemoveField(
            model_name='titleevent',
            name='pgh_context',
        ),
        migrations.RemoveField(
            model_name='titleevent',
            name='unit',
        ),
        migrations.DeleteModel(
            name='Title',
        ),
        migrations.DeleteModel(
            name='TitleEvent',
        ),
    ]
