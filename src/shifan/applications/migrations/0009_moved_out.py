"""The models moved to proceedings and statements, which took the tables."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0008_provenance'),
        ('evidence', '0005_proceeding'),
        ('proceedings', '0001_initial'),
        ('statements', '0001_initial'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel(name)
                for name in (
                    'Reply', 'Opinion', 'Task', 'Draft', 'Fact', 'Step', 'Partner', 'Application'
                )
            ]
        ),
    ]
