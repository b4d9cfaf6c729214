"""What parties and snapshots took the place of goes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('proceedings', '0003_carry_over'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='partner',
            name='answered_by',
        ),
        migrations.RemoveField(
            model_name='partner',
            name='named_by',
        ),
        migrations.RemoveField(
            model_name='partner',
            name='proceeding',
        ),
        migrations.RemoveField(
            model_name='partner',
            name='unit',
        ),
        migrations.RemoveConstraint(
            model_name='proceeding',
            name='proceeding_once_per_cycle',
        ),
        migrations.RemoveField(
            model_name='proceeding',
            name='tiers',
        ),
        migrations.RemoveField(
            model_name='step',
            name='snapshot',
        ),
        migrations.AlterField(
            model_name='proceeding',
            name='about',
            field=models.UUIDField(),
        ),
        migrations.AlterField(
            model_name='proceeding',
            name='matter',
            field=models.UUIDField(),
        ),
        migrations.AlterField(
            model_name='proceeding',
            name='rulebook',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proceedings', to='cycles.publishedrulebook'),
        ),
        migrations.AlterField(
            model_name='step',
            name='recorded_at',
            field=models.DateTimeField(),
        ),
        migrations.AddConstraint(
            model_name='proceeding',
            constraint=models.UniqueConstraint(condition=models.Q(('cycle__isnull', False)), fields=('unit', 'cycle', 'procedure_id'), name='proceeding_once_per_cycle'),
        ),
        migrations.AddConstraint(
            model_name='proceeding',
            constraint=models.UniqueConstraint(condition=models.Q(('occasion', ''), _negated=True), fields=('procedure_id', 'about', 'occasion'), name='opened_once_an_occasion'),
        ),
        migrations.DeleteModel(
            name='Partner',
        ),
        migrations.AddConstraint(
            model_name='party',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('proceeding', 'capacity', 'unit', 'office', 'user'), name='party_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='party',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('office', ''), ('unit__isnull', False), ('user__isnull', True)), models.Q(('office', ''), ('unit__isnull', True), ('user__isnull', False)), models.Q(('unit__isnull', True), ('user__isnull', True), models.Q(('office', ''), _negated=True)), _connector='OR'), name='party_is_one_of_unit_office_person'),
        ),
        migrations.AddConstraint(
            model_name='voice',
            constraint=models.UniqueConstraint(fields=('party', 'since'), name='one_voice_a_party'),
        ),
    ]
