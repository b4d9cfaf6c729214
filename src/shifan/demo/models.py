"""The demo's clock, whose row also says that this database was born as a demo."""

from django.db import models


class Clock(models.Model):
    """One row in a demo database, none elsewhere: how far the demo's time runs ahead."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    ahead = models.DurationField()

    class Meta:
        constraints = [models.CheckConstraint(name="one_clock", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return f"+{self.ahead}"
