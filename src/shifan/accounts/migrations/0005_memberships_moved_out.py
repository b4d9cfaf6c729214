"""The tables of memberships belong to the people now."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_memberships_without_triggers'),
        ('people', '0003_membership'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel(name='MembershipEvent'),
                migrations.DeleteModel(name='Membership'),
            ],
        ),
    ]
