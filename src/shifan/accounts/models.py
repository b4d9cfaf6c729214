"""Users, and the memberships that give them roles in units and offices.

An account says who works here and in which role; it holds nothing else about the person.
"""

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin, UserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractBaseUser, PermissionsMixin):
    """An account. ``name`` is what colleagues see beside its actions."""

    username = models.CharField(
        _("user name"), max_length=150, unique=True, validators=[UnicodeUsernameValidator()]
    )
    name = models.CharField(_("name"), max_length=80, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False, editable=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    objects = UserManager()

    def __str__(self) -> str:
        return self.name or self.username


class Role(models.TextChoices):
    """What a member does; the rule book's moves name these."""

    LEAD = "lead", _("lead")
    CLERK = "clerk", _("clerk")
    CONTRIBUTOR = "contributor", _("contributor")
    REVIEWER = "reviewer", _("reviewer")
    APPROVER = "approver", _("approver")
    OFFICER = "officer", _("officer")
    AUDITOR = "auditor", _("auditor")


@pghistory.track()
class Membership(models.Model):
    """One role of one user: in a unit, or in the office of a tier with its area.

    A contributor works for one ``department`` of its unit.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, null=True, blank=True)
    department = models.ForeignKey(
        "units.Department", on_delete=models.PROTECT, null=True, blank=True
    )
    tier = models.CharField(max_length=60, blank=True)
    area = models.ForeignKey("units.Division", on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="membership_in_unit_or_office",
                condition=models.Q(unit__isnull=False, tier="", area__isnull=True)
                | models.Q(unit__isnull=True, area__isnull=False) & ~models.Q(tier=""),
            ),
            models.CheckConstraint(
                name="contributor_has_department",
                condition=models.Q(role="contributor", department__isnull=False)
                | ~models.Q(role="contributor") & models.Q(department__isnull=True),
            ),
            models.UniqueConstraint(
                name="membership_once",
                fields=["user", "role", "unit", "department", "tier", "area"],
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"
