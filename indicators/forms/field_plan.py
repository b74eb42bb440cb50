"""The form of the numbers expected in a wave: one box per school and one for all."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

HIGHEST = 1_000_000


class FieldPlanForm(forms.Form):
    """`rows` are the schools of the page; an empty box means that no number is given."""

    n_invited = forms.IntegerField(
        label=_("People asked in all schools together"),
        help_text=_(
            "The response rate of the results is counted from it. Leave it empty if nobody counted."
        ),
        required=False,
        min_value=1,
        max_value=HIGHEST,
    )

    def __init__(self, *args: Any, page: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.schools = {f"school_{row.school.pk}": row.school for row in page.rows}
        self.fields["n_invited"].initial = page.use.n_invited
        for row in page.rows:
            name = f"school_{row.school.pk}"
            self.fields[name] = forms.IntegerField(
                label=str(row.school),
                required=False,
                min_value=0,
                max_value=HIGHEST,
                initial=row.typed,
            )

    @property
    def boxes(self) -> list[tuple[Any, forms.BoundField]]:
        """Each school of the page with its box."""
        return [(school, self[name]) for name, school in self.schools.items()]

    def numbers(self) -> dict[Any, int | None]:
        """School -> sheets expected. Needs a valid form."""
        return {school: self.cleaned_data[name] for name, school in self.schools.items()}
