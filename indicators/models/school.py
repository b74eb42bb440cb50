"""Schools, how files may name them, and what happened to them."""

from django.db import models

from indicators.models.base import LabelledModel, NamedModel, choices, one_of
from indicators.models.project import Project
from indicators.vocabulary import SchoolEventKind, SchoolRole


class SchoolCategory(LabelledModel):
    """One row is one value of a school attribute (oblast, settlement, remoteness, language)."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="school_categories")
    field = models.CharField(max_length=20)
    code = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["field", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "field", "code"], name="school_category_once"
            )
        ]

    def __str__(self) -> str:
        return self.label or self.code


class Stratum(models.Model):
    """One row is one stratum of the frame from which a sample of schools was drawn.

    `n_schools` counts all schools of the frame in it. A stratum with a single school drawn has no
    measurable uncertainty: it is `merged_into` a similar one.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="strata")
    code = models.CharField(max_length=40)
    n_schools = models.PositiveIntegerField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="merged"
    )

    class Meta:
        ordering = ["project", "code"]
        verbose_name_plural = "strata"
        constraints = [
            models.UniqueConstraint(fields=["project", "code"], name="stratum_code_once"),
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")), name="stratum_not_into_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class School(NamedModel):
    """One row is one school of the project. A merged one is a new row that `continues` the old."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="schools")
    code = models.CharField(max_length=20)
    role = models.CharField(
        max_length=20, choices=choices(SchoolRole), default=SchoolRole.INNOVATIVE
    )
    continues = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="continued_by"
    )
    oblast = models.CharField(max_length=40, blank=True)
    district_ky = models.CharField(max_length=120, blank=True)
    district_ru = models.CharField(max_length=120, blank=True)
    settlement = models.CharField(max_length=20, blank=True)
    remoteness = models.CharField(max_length=20, blank=True)
    distance_km = models.FloatField(null=True, blank=True)
    languages = models.CharField(max_length=40, blank=True, help_text="Codes, for example ky,ru.")
    stratum = models.CharField(
        max_length=40, blank=True, help_text="Of the frame, in a sample of schools."
    )
    n_girls_1_4 = models.PositiveIntegerField(null=True, blank=True)
    n_boys_1_4 = models.PositiveIntegerField(null=True, blank=True)
    n_girls_5_9 = models.PositiveIntegerField(null=True, blank=True)
    n_boys_5_9 = models.PositiveIntegerField(null=True, blank=True)
    n_girls_10_11 = models.PositiveIntegerField(null=True, blank=True)
    n_boys_10_11 = models.PositiveIntegerField(null=True, blank=True)
    n_students = models.PositiveIntegerField(null=True, blank=True)
    n_teachers_primary = models.PositiveIntegerField(null=True, blank=True)
    n_teachers_secondary = models.PositiveIntegerField(null=True, blank=True)
    n_teachers = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["project", "code"]
        constraints = [
            models.UniqueConstraint(fields=["project", "code"], name="school_code_once"),
            models.CheckConstraint(
                condition=~models.Q(continues=models.F("id")), name="school_not_its_own_successor"
            ),
            models.CheckConstraint(condition=~models.Q(code=""), name="school_has_code"),
            one_of("role", SchoolRole, "school_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class SchoolAlias(models.Model):
    """One row is a way of writing a school's name that an officer accepted."""

    school = models.ForeignKey(School, models.CASCADE, related_name="aliases")
    text = models.CharField(max_length=300)
    normalised = models.CharField(max_length=300)

    class Meta:
        ordering = ["school", "text"]
        constraints = [
            models.UniqueConstraint(fields=["school", "normalised"], name="school_alias_once")
        ]

    def __str__(self) -> str:
        return self.text


class SchoolEvent(models.Model):
    """One row is one thing that happened to a school: renamed, merged, closed, absent in a wave."""

    school = models.ForeignKey(School, models.CASCADE, related_name="events")
    upload = models.ForeignKey(
        "indicators.Upload", models.CASCADE, null=True, blank=True, related_name="school_events"
    )
    kind = models.CharField(max_length=20, choices=choices(SchoolEventKind))
    happened_on = models.DateField(null=True, blank=True)
    new_school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="origin_events"
    )
    wave = models.ForeignKey("indicators.Wave", models.SET_NULL, null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["school", "happened_on"]
        constraints = [one_of("kind", SchoolEventKind, "school_event_kind_known")]

    def __str__(self) -> str:
        return f"{self.school.code}: {self.get_kind_display()}"
