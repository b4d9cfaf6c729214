"""Memberships are about to move to the people: their triggers name the table."""

import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_department'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(model_name='membership', name='insert_insert'),
        pgtrigger.migrations.RemoveTrigger(model_name='membership', name='update_update'),
    ]
