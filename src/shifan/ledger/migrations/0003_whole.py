import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from shifan.schema import FORMER


class Migration(migrations.Migration):

    initial = True
    replaces = FORMER

    # Other packages' tables of users wait for the first of the whole schema, which this is.
    dependencies = [('accounts', '0006_whole')]

    operations = [
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('actor', models.CharField(max_length=150)),
                ('verb', models.CharField(max_length=60)),
                ('object_type', models.CharField(max_length=60)),
                ('object_id', models.CharField(max_length=80)),
                ('before', models.CharField(blank=True, max_length=64)),
                ('after', models.CharField(blank=True, max_length=64)),
                ('details', models.JSONField(default=dict)),
                ('form', models.PositiveSmallIntegerField()),
                ('previous', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64, unique=True)),
            ],
            options={
                'ordering': ('number',),
                'indexes': [models.Index(fields=['object_type', 'object_id', 'number'], name='ledger_entr_object__13af16_idx')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='entry',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='bd80cdea55986d8dc4a873a0796f1dd071e72f1d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_af900', table='ledger_entry', when='BEFORE')),
        ),
    ]
