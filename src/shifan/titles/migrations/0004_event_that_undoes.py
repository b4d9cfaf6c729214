from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('proceedings', '0004_what_parties_replace'),
        ('titles', '0003_finding_bar'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('undoes__isnull', False)), fields=['what'], name='event_that_undoes'),
        ),
    ]
