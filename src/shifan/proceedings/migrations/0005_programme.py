"""An office that has part in a proceeding is one of its programme."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('proceedings', '0004_what_parties_replace'),
        ('units', '0003_titles_moved_out'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='party',
            name='programme',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.RunSQL(
            """
            UPDATE proceedings_party SET programme = book.programme
            FROM proceedings_proceeding AS proceeding
            JOIN cycles_publishedrulebook AS book ON book.id = proceeding.rulebook_id
            WHERE proceeding.id = proceedings_party.proceeding_id AND office <> ''
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name='party',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('office', ''), ('programme', '')), models.Q(models.Q(('office', ''), _negated=True), models.Q(('programme', ''), _negated=True)), _connector='OR'), name='office_of_a_programme'),
        ),
    ]
