"""Each entry says in which canonical form it was hashed; those before this were in form 1."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="form",
            field=models.PositiveSmallIntegerField(default=1),
            preserve_default=False,
        ),
    ]
