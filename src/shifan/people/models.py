"""Who works where: memberships, invitations into one, claims of a place, conflicts declared."""

import uuid

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from shifan.accounts.models import Role, User
from shifan.units.models import Department, Division, Unit


@pghistory.track()
class Membership(models.Model):
    """One role of one user: in a unit, or in the office of a programme's tier with its area.

    A contributor works for one ``department`` of its unit.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, blank=True)
    programme = models.CharField(max_length=60, blank=True)
    tier = models.CharField(max_length=60, blank=True)
    area = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="membership_in_unit_or_office",
                condition=models.Q(unit__isnull=False, programme="", tier="", area__isnull=True)
                | models.Q(unit__isnull=True, area__isnull=False)
                & ~models.Q(tier="")
                & ~models.Q(programme=""),
            ),
            models.CheckConstraint(
                name="contributor_has_department",
                condition=models.Q(role="contributor", department__isnull=False)
                | ~models.Q(role="contributor") & models.Q(department__isnull=True),
            ),
            models.UniqueConstraint(
                name="membership_once",
                fields=["user", "role", "unit", "department", "programme", "tier", "area"],
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class Invitation(models.Model):
    """A role offered to whoever brings its link; it is taken up once.

    The same shape as a membership: a role in a unit, or in the office of a programme's tier. It is
    open until it is taken up, withdrawn (``ended_at``) or ``expires_at``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    role = models.CharField(max_length=20, choices=Role)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True)
    programme = models.CharField(max_length=60, blank=True)
    tier = models.CharField(max_length=60, blank=True)
    area = models.ForeignKey(Division, on_delete=models.PROTECT, null=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("-made_at",)
        constraints = [
            models.CheckConstraint(
                name="invitation_to_unit_or_office",
                condition=models.Q(unit__isnull=False, programme="", tier="", area__isnull=True)
                | models.Q(unit__isnull=True, area__isnull=False)
                & ~models.Q(tier="")
                & ~models.Q(programme=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.id}"


class Claim(models.Model):
    """Somebody says to act for a place or an organisation; the tier above verifies it.

    The ``unit_type`` is one of the ``programme``; ``grounds`` names the document that says so.
    ``granted`` is None until it is decided.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="claims")
    division = models.ForeignKey(Division, on_delete=models.PROTECT)
    programme = models.CharField(max_length=60)
    unit_type = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    is_area = models.BooleanField()
    grounds = models.CharField(max_length=500)
    made_at = models.DateTimeField()
    granted = models.BooleanField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("decided_at", "made_at")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(granted__isnull=True), name="one_open_claim"
            ),
            models.CheckConstraint(
                name="refused_claim_gives_its_reason",
                condition=~models.Q(granted=False) | ~models.Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown(self) -> str:
        """What is claimed, on a page in the active language."""
        return self.division.shown if self.is_area else self.name


class Workplace(models.Model):
    """Where somebody who evaluates or decides works: the employer, and the division it lies in."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="workplace")
    employer = models.CharField(max_length=120)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.employer


class Sort(models.TextChoices):
    """Of which sort a conflict is that somebody declares; more is not asked."""

    WORKED_FOR = "worked_for", _("worked for it")
    ADVISED = "advised", _("advised it")
    KIN = "kin", _("has kin there")
    OTHER = "other", _("other")


class Declaration(models.Model):
    """A conflict with a unit that somebody declares, and until when it lasted (None: still)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="declarations")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    sort = models.CharField(max_length=12, choices=Sort)
    until = models.DateField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("made_at",)
        constraints = [
            models.UniqueConstraint(fields=["user", "unit", "sort"], name="declared_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.sort}"
