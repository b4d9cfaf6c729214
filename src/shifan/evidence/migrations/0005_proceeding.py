"""Evidence hangs on a proceeding; the columns take its name."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0004_versions_periods_uploads'),
        ('proceedings', '0001_initial'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f'ALTER TABLE {table} RENAME COLUMN application_id TO proceeding_id',
                    f'ALTER TABLE {table} RENAME COLUMN proceeding_id TO application_id',
                )
                for table in ('evidence_attachment', 'evidence_upload')
            ],
            state_operations=[
                migrations.RenameField('attachment', 'application', 'proceeding'),
                migrations.RenameField('upload', 'application', 'proceeding'),
                migrations.RemoveConstraint(model_name='attachment', name='attached_once'),
                migrations.AlterField(
                    model_name='attachment',
                    name='proceeding',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='proceedings.proceeding'),
                ),
                migrations.AlterField(
                    model_name='upload',
                    name='proceeding',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='proceedings.proceeding'),
                ),
                migrations.AddConstraint(
                    model_name='attachment',
                    constraint=models.UniqueConstraint(condition=models.Q(('removed_at__isnull', True)), fields=('proceeding', 'provision', 'file'), name='attached_once'),
                ),
            ]
        ),
    ]
