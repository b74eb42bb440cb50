"""What is wrong in a file of codes for open answers, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

CODING_TEXTS: dict[str, tuple[StrOrPromise, StrOrPromise]] = {
    "coding_no_row_column": (
        _("No column says which answer a row is about."),
        _("Name a column “row” (the row of the answer in its file) or “school”."),
    ),
    "coding_no_theme_column": (
        _("No column holds themes."),
        _("Name a column “themes”, or one column after each theme with 1 in it."),
    ),
    "coding_needs_file": (
        _("The answers of this wave come from several files, and the row does not say which."),
        _("Add the column “file” with the number of the file, as the export has it."),
    ),
    "coding_row_unknown": (
        _("No answer to this question stands in row or school %(value)s."),
        _("The row is left out. Check its number, and whether the answer counts."),
    ),
    "coding_answer_differs": (
        _("The words of the answer are others than those stored for this row."),
        _("The row is left out. Export the answers again and code those."),
    ),
    "coding_row_twice": (
        _("The answer in row or school %(value)s is named twice."),
        _("Keep one row for each answer, with all of its themes."),
    ),
    "coding_theme_unknown": (
        _("The question has no theme “%(value)s”."),
        _("Correct the spelling, or add the theme first."),
    ),
    "coding_mark_unknown": (
        _("“%(value)s” says neither yes nor no."),
        _("Write 1 or x where the answer has the theme, 0 or nothing where it has not."),
    ),
    "coding_none_and_theme": (
        _("The row names themes and also says that none fits."),
        _("Keep one of the two."),
    ),
}
