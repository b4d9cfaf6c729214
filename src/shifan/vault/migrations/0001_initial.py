"""The vault takes over the table of stored files from evidence; nothing in it changes place."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [("evidence", "0002_reuse_and_pages")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="StoredFile",
                    fields=[
                        ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
                        ("size", models.PositiveBigIntegerField()),
                        ("media_type", models.CharField(max_length=100)),
                        ("stored_at", models.DateTimeField()),
                        ("pages", models.PositiveIntegerField(null=True)),
                    ],
                ),
            ],
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE evidence_storedfile RENAME TO vault_storedfile",
                    "ALTER TABLE vault_storedfile RENAME TO evidence_storedfile",
                ),
            ],
        ),
    ]
