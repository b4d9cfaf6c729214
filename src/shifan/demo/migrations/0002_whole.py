from django.db import migrations, models

from shifan.schema import FORMER


class Migration(migrations.Migration):

    initial = True
    replaces = FORMER

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Clock',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('ahead', models.DurationField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_clock')],
            },
        ),
    ]
