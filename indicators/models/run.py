"""A calculation and the results it stored. Results are rows of a run and never edited."""

from django.conf import settings
from django.db import models

from indicators.models.base import both_or_neither, choices, one_of
from indicators.models.indicator import Measure
from indicators.models.project import Project
from indicators.models.school import School
from indicators.models.target import Target
from indicators.models.wave import Wave
from indicators.vocabulary import (
    Family,
    GapChange,
    Reason,
    RunState,
    Scope,
    SecondLook,
    Status,
    Verdict,
)


class Run(models.Model):
    """One row is one calculation over exactly named inputs. The same inputs give the same numbers.

    `inputs` lists dataset hashes, checklist and record hashes, definitions, targets and settings;
    `input_sha256` is their fingerprint.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="runs")
    state = models.CharField(max_length=20, choices=choices(RunState), default=RunState.WAITING)
    inputs = models.JSONField(default=dict, blank=True)
    input_sha256 = models.CharField(max_length=64, blank=True)
    code_version = models.CharField(max_length=40, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    step = models.CharField(max_length=60, blank=True)
    error = models.TextField(blank=True)
    cancel_asked = models.BooleanField(default=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [one_of("state", RunState, "run_state_known")]

    def __str__(self) -> str:
        return f"{self.project.code} #{self.pk}"


class Release(models.Model):
    """One row makes a run visible to donors and directors until it is withdrawn."""

    run = models.OneToOneField(Run, models.PROTECT, related_name="release")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["-published_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True)
                | models.Q(withdrawn_at__gte=models.F("published_at")),
                name="release_withdrawn_after_published",
            )
        ]

    def __str__(self) -> str:
        return str(self.run)


class Estimate(models.Model):
    """One row is the level of one measure in one wave: for the project, a group or one school.

    Shares are 0-1. `numerator`/`denominator` are filled for shares and counts. `counts` holds the
    distribution of answers by option code. `icc`, `deff` (project only): how alike the answers of
    one school are, and the variance against that of single draws. `common` (project's level of an
    index): the value on the scale 1 to 5, with its range. Missing is NULL; `reason` says why.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="estimates")
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="estimates")
    wave = models.ForeignKey(Wave, models.CASCADE, related_name="estimates")
    scope = models.CharField(max_length=10, choices=choices(Scope))
    school = models.ForeignKey(School, models.CASCADE, null=True, blank=True)
    group_by = models.CharField(max_length=20, blank=True)
    group = models.CharField(max_length=40, blank=True)
    n = models.PositiveIntegerField()
    n_schools = models.PositiveIntegerField(default=0)
    value = models.FloatField(null=True)
    numerator = models.FloatField(null=True)
    denominator = models.FloatField(null=True)
    sd = models.FloatField(null=True)
    se = models.FloatField(null=True)
    df = models.FloatField(null=True)
    ci_low = models.FloatField(null=True)
    ci_high = models.FloatField(null=True)
    counts = models.JSONField(null=True, blank=True)
    icc = models.FloatField(null=True)
    deff = models.FloatField(null=True)
    common = models.FloatField(null=True)
    common_low = models.FloatField(null=True)
    common_high = models.FloatField(null=True)
    method = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=30, blank=True, choices=choices(Reason))

    class Meta:
        ordering = ["run", "measure", "wave", "scope", "school", "group_by", "group"]
        indexes = [
            models.Index(fields=["run", "scope", "school"], name="estimate_by_school"),
            models.Index(fields=["run", "measure"], name="estimate_by_measure"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "measure", "wave", "group_by", "group"],
                condition=models.Q(school__isnull=True),
                name="estimate_once",
            ),
            models.UniqueConstraint(
                fields=["run", "measure", "wave", "school"],
                condition=models.Q(school__isnull=False),
                name="estimate_once_per_school",
            ),
            models.CheckConstraint(
                condition=models.Q(scope=Scope.SCHOOL, school__isnull=False)
                | (~models.Q(scope=Scope.SCHOOL) & models.Q(school__isnull=True)),
                name="estimate_school_fits_scope",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure.code} {self.wave.code} {self.scope}"


class Change(models.Model):
    """One row is the change of one measure between two waves: of the project, a group, a school.

    Project: `baseline`, `endline`, `difference` and the test are on the schools of both waves
    (and, for an index with a reworded item, on the items worded alike: `is_on_common_items`);
    `all_difference` and `all_se` are the figure over all schools. School: the school of the later
    wave; its baseline may stem from the school it continues. Group: numbers and ranges, no word.
    `p_rank` is set where the rank test decides the word; `class_correlation` is that which widens
    the schools' ranges, estimated from `n_class_schools` schools or else the project's setting.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="changes")
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="changes")
    wave_from = models.ForeignKey(Wave, models.CASCADE, related_name="+")
    wave_to = models.ForeignKey(Wave, models.CASCADE, related_name="+")
    scope = models.CharField(max_length=10, choices=choices(Scope))
    school = models.ForeignKey(School, models.CASCADE, null=True, blank=True)
    group_by = models.CharField(max_length=20, blank=True)
    group = models.CharField(max_length=40, blank=True)
    baseline = models.FloatField(null=True)
    endline = models.FloatField(null=True)
    n_baseline = models.PositiveIntegerField(default=0)
    n_endline = models.PositiveIntegerField(default=0)
    n_schools = models.PositiveIntegerField(default=0)
    difference = models.FloatField(null=True)
    se = models.FloatField(null=True)
    df = models.FloatField(null=True)
    t = models.FloatField(null=True)
    p = models.FloatField(null=True)
    ci_low = models.FloatField(null=True)
    ci_high = models.FloatField(null=True)
    ci90_low = models.FloatField(null=True)
    ci90_high = models.FloatField(null=True)
    margin = models.FloatField(null=True)
    detectable = models.FloatField(null=True)
    verdict = models.CharField(max_length=30, choices=choices(Verdict))
    reason = models.CharField(max_length=30, blank=True, choices=choices(Reason))
    second_look = models.CharField(max_length=30, blank=True, choices=choices(SecondLook))
    school_difference = models.FloatField(null=True)
    school_ci_low = models.FloatField(null=True)
    school_ci_high = models.FloatField(null=True)
    n_up = models.PositiveIntegerField(null=True)
    n_down = models.PositiveIntegerField(null=True)
    p_sign_flip = models.FloatField(null=True)
    all_difference = models.FloatField(null=True)
    all_se = models.FloatField(null=True)
    schools_left = models.JSONField(default=list, blank=True)
    schools_joined = models.JSONField(default=list, blank=True)
    is_on_common_items = models.BooleanField(default=False)
    method = models.CharField(max_length=40, blank=True)
    p_adjusted = models.FloatField(null=True)
    family = models.CharField(max_length=20, blank=True, choices=choices(Family))
    within_difference = models.FloatField(null=True)
    within_low = models.FloatField(null=True)
    within_high = models.FloatField(null=True)
    mix_difference = models.FloatField(null=True)
    same_mix_difference = models.FloatField(null=True)
    effect_size = models.FloatField(null=True)
    effect_low = models.FloatField(null=True)
    effect_high = models.FloatField(null=True)
    spread_i2 = models.FloatField(null=True)
    p_spread = models.FloatField(null=True)
    flags = models.JSONField(default=list, blank=True)
    p_rank = models.FloatField(null=True)
    rank_difference = models.FloatField(null=True)
    class_correlation = models.FloatField(null=True)
    n_class_schools = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["run", "measure", "wave_to", "scope", "school"]
        indexes = [models.Index(fields=["run", "scope", "school"], name="change_by_school")]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "measure", "wave_from", "wave_to", "group_by", "group"],
                condition=models.Q(school__isnull=True),
                name="change_once",
            ),
            models.UniqueConstraint(
                fields=["run", "measure", "wave_from", "wave_to", "school"],
                condition=models.Q(school__isnull=False),
                name="change_once_per_school",
            ),
            both_or_neither("ci_low", "ci_high", "change_interval_has_both_ends"),
            one_of("verdict", Verdict, "change_verdict_known"),
        ]

    def __str__(self) -> str:
        return f"{self.measure.code} {self.scope}: {self.verdict}"


class GapFigures(models.Model):
    """The difference of two means in one wave, first side minus second, in the measure's unit.

    `change_*`: how it moved since `wave_from`, on the schools with answers in both waves; their
    gaps then and now are `baseline` and `endline`. Empty in the baseline.
    """

    value = models.FloatField(null=True)
    se = models.FloatField(null=True)
    df = models.FloatField(null=True)
    p = models.FloatField(null=True)
    ci_low = models.FloatField(null=True)
    ci_high = models.FloatField(null=True)
    n_first = models.PositiveIntegerField(default=0)
    n_second = models.PositiveIntegerField(default=0)
    n_schools = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=30, blank=True, choices=choices(Reason))
    wave_from = models.ForeignKey(Wave, models.CASCADE, null=True, related_name="+")
    baseline = models.FloatField(null=True)
    endline = models.FloatField(null=True)
    change = models.FloatField(null=True)
    change_se = models.FloatField(null=True)
    change_df = models.FloatField(null=True)
    change_p = models.FloatField(null=True)
    change_low = models.FloatField(null=True)
    change_high = models.FloatField(null=True)
    change_reason = models.CharField(max_length=30, blank=True, choices=choices(Reason))

    class Meta:
        abstract = True


class Gap(GapFigures):
    """One row is the difference between two groups of one measure in one wave, for the project."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="gaps")
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="gaps")
    wave = models.ForeignKey(Wave, models.CASCADE, related_name="gaps")
    group_by = models.CharField(max_length=20)
    first_group = models.CharField(max_length=40)
    second_group = models.CharField(max_length=40)
    change_p_adjusted = models.FloatField(null=True)
    change_word = models.CharField(max_length=20, blank=True, choices=choices(GapChange))

    class Meta:
        ordering = ["run", "measure", "wave", "group_by"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "measure", "wave", "group_by", "first_group", "second_group"],
                name="gap_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.measure.code} {self.first_group}-{self.second_group}"


class Assessment(models.Model):
    """One row says where one target stands in one run.

    `reached` is the value alone against the target; `status` is the honest word.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="assessments")
    target = models.ForeignKey(Target, models.CASCADE, related_name="assessments")
    target_type = models.CharField(max_length=20)
    target_low = models.FloatField(null=True)
    target_high = models.FloatField(null=True)
    status = models.CharField(max_length=20, choices=choices(Status))
    is_by_value_alone = models.BooleanField(default=False)
    value = models.FloatField(null=True)
    reached = models.BooleanField(null=True)
    prob_met = models.FloatField(null=True)
    bound_low = models.FloatField(null=True)
    bound_high = models.FloatField(null=True)
    share_closed = models.FloatField(null=True)
    share_low = models.FloatField(null=True)
    share_high = models.FloatField(null=True)
    share_elapsed = models.FloatField(null=True)
    reason = models.CharField(max_length=30, blank=True, choices=choices(Reason))

    class Meta:
        ordering = ["run", "target"]
        constraints = [
            models.UniqueConstraint(fields=["run", "target"], name="assessment_once"),
            one_of("status", Status, "assessment_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.target}: {self.status}"
