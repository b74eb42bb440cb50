"""The coding frame of open answers, and who gave which theme to which answer."""

from django.conf import settings
from django.db import models

from indicators.models.base import EditedModel, LabelledModel
from indicators.models.instrument import Item
from indicators.models.school import School
from indicators.models.upload import Upload
from indicators.models.wave import Wave


class Theme(LabelledModel, EditedModel):
    """One row is one theme that answers to an open question may speak of.

    A theme that was merged keeps its codes and counts as `merged_into`, so a merge can be undone.
    A theme out of use is no longer offered; what was coded with it stays.
    """

    item = models.ForeignKey(Item, models.CASCADE, related_name="themes")
    code = models.SlugField(max_length=40)
    definition = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )

    class Meta:
        ordering = ["item", "position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["item", "code"], name="theme_code_once"),
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")), name="theme_merged_into_another"
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | models.Q(is_active=False),
                name="theme_merged_is_not_active",
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.code


class Coding(models.Model):
    """One row is what one coder said about one open answer: its themes, or that none fits.

    The answer is named by file and row (a survey) or by school (a checklist of the wave), never by
    a dataset; `text_sha256` names the words that were read. A code counts only while they are the
    same, so it survives a withdrawal and does not stick to an answer that was corrected.
    """

    item = models.ForeignKey(Item, models.CASCADE, related_name="codings")
    wave = models.ForeignKey(Wave, models.PROTECT, related_name="codings")
    upload = models.ForeignKey(
        Upload, models.PROTECT, null=True, blank=True, related_name="codings"
    )
    row = models.PositiveIntegerField(null=True, blank=True, help_text="Row number in the file.")
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="codings"
    )
    text_sha256 = models.CharField(max_length=64)
    coder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="codings")
    themes = models.ManyToManyField(Theme, blank=True, related_name="codings")
    is_from_file = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["item", "wave", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(upload__isnull=False, row__isnull=False, school__isnull=True)
                | models.Q(upload__isnull=True, row__isnull=True, school__isnull=False),
                name="coding_names_one_answer",
            ),
            models.UniqueConstraint(
                fields=["item", "upload", "row", "coder"],
                condition=models.Q(upload__isnull=False),
                name="coding_once_per_row_and_coder",
            ),
            models.UniqueConstraint(
                fields=["item", "wave", "school", "coder"],
                condition=models.Q(school__isnull=False),
                name="coding_once_per_school_and_coder",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item.name} {self.row if self.school is None else self.school.code}"
