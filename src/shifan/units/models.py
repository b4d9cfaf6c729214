"""Administrative divisions, and the units that can be designated."""

import uuid

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """The administrative levels, from the country down."""

    COUNTRY = "country", _("country")
    PROVINCE = "province", _("province")
    PREFECTURE = "prefecture", _("prefecture")
    COUNTY = "county", _("county")
    TOWNSHIP = "township", _("township")
    VILLAGE = "village", _("village")


class Division(models.Model):
    """A place of a scheme of places: in China an administrative division with its GB/T 2260 code.

    ``name_en`` is its English or romanised name, where there is one. ``path`` is the materialised
    path of codes from the root, e.g. ``/53/5305/530502/``; the country's is ``/``, that of the top
    of another scheme ``/GB/``. A subtree is a prefix. ``placeholder`` marks the nodes that stand in
    the code list where no such division exists (市辖区 under a municipality, and the like).
    """

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    level = models.CharField(max_length=12, choices=Level)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    path = models.CharField(max_length=250, unique=True)
    placeholder = models.BooleanField(default=False)

    class Meta:
        ordering = ("code",)
        indexes = [
            models.Index(name="division_subtree", fields=["path"], opclasses=["text_pattern_ops"]),
            models.Index(fields=["level"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown(self) -> str:
        """Its name on a page in the active language."""
        return self.in_(get_language() or "zh")

    def in_(self, language: str) -> str:
        """Its name in English where there is one, else the one it has itself."""
        return self.name_en or self.name if language.startswith("en") else self.name


class Unit(models.Model):
    """An area or an organisation that can apply for a title.

    ``division`` is the area itself, or where the organisation lies: its office is in charge; None
    where it lies in none. ``also_in`` are further places it reaches into. ``unit_type`` is its
    type, ``kinds`` that in programmes which take it for another, by their short names.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    unit_type = models.CharField(max_length=60)
    kinds = models.JSONField(default=dict, blank=True)
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, null=True, blank=True, related_name="units"
    )
    also_in = models.ManyToManyField(Division, blank=True, related_name="+")
    is_area = models.BooleanField(default=False)

    class Meta:
        ordering = ("division_id", "name")
        constraints = [
            models.UniqueConstraint(
                fields=["name", "unit_type", "division"], name="unit_once", nulls_distinct=False
            ),
            models.UniqueConstraint(
                fields=["division", "unit_type"],
                condition=models.Q(is_area=True),
                name="area_unit_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown(self) -> str:
        """Its name on a page in the active language: an area's is that of its division."""
        english = (get_language() or "zh").startswith("en")
        if english and self.is_area and self.division is not None:
            return self.division.name_en or self.name
        return self.name

    @property
    def place(self) -> str:
        """The path of where it lies; of what lies nowhere, that of everything."""
        return self.division.path if self.division is not None else "/"

    def kind_in(self, programme: str) -> str:
        """Its type in the programme."""
        return str(self.kinds.get(programme, self.unit_type))


class Site(models.Model):
    """A part of a unit with a name of its own: a site of a park, a campus, a building."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="sites")
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="site_once")]

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A department of a unit: what clauses are given to, and what contributors work for."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="departments")
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="department_once")]

    def __str__(self) -> str:
        return self.name


class CreationRecord(models.Model):
    """The registry of creation work: since when a township or street takes part."""

    division = models.ForeignKey(Division, on_delete=models.PROTECT)
    started_on = models.DateField()
    ended_on = models.DateField(null=True)
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["division", "started_on"], name="creation_record_once")
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.started_on}"
