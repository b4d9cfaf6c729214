from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('cycles', '0002_revision'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='publishedrulebook',
            options={'base_manager_name': 'objects', 'ordering': ('programme', '-effective_from', '-revision')},
        ),
    ]
