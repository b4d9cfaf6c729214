"""Attachments point to the vault's files, which are the same rows of the same table."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evidence", "0002_reuse_and_pages"), ("vault", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="attachment",
                    name="file",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="vault.storedfile",
                    ),
                ),
                migrations.DeleteModel(name="StoredFile"),
            ],
        ),
    ]
