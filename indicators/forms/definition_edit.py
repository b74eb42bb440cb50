"""The forms of indicators and composite indices. What is typed is cleaned by the files' rules."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.actions.definition_edit import DefinitionRefusal, IndexTyped, IndicatorTyped
from indicators.actions.load_messages import sentence
from indicators.actions.table_rows import RowRefused
from indicators.forms.numbers import TypedNumberField
from indicators.models import CompositeIndex, Indicator
from indicators.models.base import word_choices
from indicators.presenters.versions import FIELD_WORDS, STATISTIC_WORDS
from indicators.queries.versions import index_fields, indicator_fields
from indicators.vocabulary import BaselinePolicy, Direction, Level, MeasureKind

R = DefinitionRefusal
REFUSALS = {
    R.NO_REASON: _("Say why the definition changes: it is kept with the version."),
    R.CODE_TAKEN: _("There is one with this code already."),
    R.HAS_TARGETS: _(
        "There are targets for this indicator, and so defined it may have none. Remove the targets "
        "first."
    ),
    R.RESCALED: _("The second scale needs both ends, the lower one first; or leave both empty."),
}
REFUSED_FIELDS = {R.NO_REASON: "reason", R.CODE_TAKEN: "code", R.RESCALED: "rescaled_max"}
FREQUENCIES = ("per wave", "yearly", "quarterly")
NOT_MARKED = frozenset({"reason", "revision", "previewed"})  # what the numbers do not rest on
OUT, IN, TURNED = "", "in", "turned"


def _text(name: str, longest: int = 300, *, rows: int = 0, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea({"rows": rows}) if rows else None
    return forms.CharField(
        label=FIELD_WORDS[name],
        required=False,
        max_length=longest,
        widget=widget,
        help_text=help_text,
    )


class DefinitionForm(forms.Form):
    """What both kinds share: reason, revision, and the mark of what was looked at."""

    reason = forms.CharField(
        label=_("Why"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2})
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1)
    previewed = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)

    @staticmethod
    def initial_of(row: Any) -> dict[str, Any]:
        """A stored row as it is typed."""
        raise NotImplementedError

    def typed(self) -> Any:
        """What was typed, as the action takes it."""
        raise NotImplementedError

    @property
    def mark(self) -> str:
        """Names what was typed, apart from the reason."""
        typed = {k: v for k, v in self.cleaned_data.items() if k not in NOT_MARKED}
        text = json.dumps(typed, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def is_looked_at(self) -> bool:
        """Whether the effect of exactly this was shown before."""
        return bool(self.cleaned_data["previewed"] == self.mark)

    def remember(self) -> None:
        """Let the next sending know that the effect of this was shown."""
        data = self.data.copy()  # type: ignore[attr-defined]  # a bound form holds a QueryDict
        data["previewed"] = self.mark
        self.data = data

    def refuse(self, refused: Exception) -> None:
        """Say beside the field why the action refused."""
        if isinstance(refused, RowRefused):
            for problem in refused.problems:
                name = problem.column
                self.add_error(name if name in self.fields else None, sentence(problem))
            return
        reason = refused.reason  # type: ignore[attr-defined]  # DefinitionRefused
        name = REFUSED_FIELDS.get(reason, "")
        self.add_error(name if name in self.fields else None, REFUSALS[reason])

    def part(self, *names: str) -> list[forms.BoundField]:
        return [self[name] for name in names if name in self.fields]


class IndicatorForm(DefinitionForm):
    """The reference sheet of an indicator. Field names are the columns of the workbook."""

    code = _text("code", 20, help_text=_("Short and for good, for example S01."))
    name_ky, name_ru, name_en = (_text(f"name_{one}") for one in ("ky", "ru", "en"))
    definition_ky, definition_ru, definition_en = (
        _text(f"definition_{one}", 5000, rows=3) for one in ("ky", "ru", "en")
    )
    level = forms.ChoiceField(label=FIELD_WORDS["level"])
    statistic = forms.ChoiceField(label=FIELD_WORDS["statistic"])
    items = forms.CharField(
        label=FIELD_WORDS["items"],
        required=False,
        max_length=200,
        help_text=_(
            "The name of a question or an index. A gap of two questionnaires: “t_item - s_item”. "
            "Counted records name their source, for example “events.open_lesson”."
        ),
        widget=forms.TextInput({"list": "sources", "autocapitalize": "none"}),
    )
    codes = _text(
        "codes",
        200,
        help_text=_("For a share: the codes of the answers, as “4,5”; or the name of one option."),
    )
    instrument = _text(
        "respondent",
        40,
        help_text=_("student, teacher, parent, director, desk, cluster or manual; two with “+”."),
    )
    unit = _text("unit", 60, help_text=_("A share begins with “%”."))
    direction = forms.ChoiceField(label=FIELD_WORDS["direction"])
    decimals = _text("decimals", 2)
    margin = _text("margin", 20, help_text=_("Empty: by the rule of the project."))
    baseline_policy = forms.ChoiceField(label=FIELD_WORDS["baseline_policy"])
    disaggregation = _text(
        "disaggregation",
        200,
        help_text=_("With “;” between them: school; sex; grade; language; settlement; oblast."),
    )
    responsible_ky, responsible_ru, responsible_en = (
        _text(f"responsible_{one}", 120) for one in ("ky", "ru", "en")
    )
    frequency = forms.CharField(
        label=FIELD_WORDS["frequency"],
        required=False,
        max_length=60,
        widget=forms.TextInput({"list": "frequencies"}),
    )
    headline = forms.BooleanField(label=FIELD_WORDS["is_headline"], required=False)
    descriptive_only = forms.BooleanField(label=FIELD_WORDS["is_descriptive"], required=False)
    context_only = forms.BooleanField(label=FIELD_WORDS["is_context"], required=False)
    has_response_shift = forms.BooleanField(label=FIELD_WORDS["has_response_shift"], required=False)
    note = _text("note", 5000, rows=2)

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["code"]
        for name, enum in (
            ("level", Level),
            ("statistic", MeasureKind),
            ("direction", Direction),
            ("baseline_policy", BaselinePolicy),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101
            field.choices = word_choices(enum)

    def typed(self) -> IndicatorTyped:
        cells = {
            name: ("yes" if value else "no") if isinstance(value, bool) else value
            for name, value in self.cleaned_data.items()
            if name not in NOT_MARKED
        }
        shift = self.cleaned_data["has_response_shift"]
        return IndicatorTyped(cells, shift, self.cleaned_data.get("reason", ""))

    @staticmethod
    def initial_of(row: Indicator) -> dict[str, Any]:
        """A stored indicator as it is typed."""
        found = indicator_fields(row)
        renamed = {
            "instrument": found.pop("respondent"),
            "headline": found.pop("is_headline"),
            "descriptive_only": found.pop("is_descriptive"),
            "context_only": found.pop("is_context"),
            "disaggregation": "; ".join(found["disaggregation"]),
            "margin": "" if found["margin"] is None else f"{found['margin']:g}",
        }
        return {**found, **renamed, "revision": row.revision}

    @property
    def parts(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields under their headings."""
        return [
            (_("Name and meaning"), self.part("code", *_languages("name", "definition"))),
            (
                _("How it is computed"),
                self.part("statistic", "items", "codes", "instrument", "disaggregation"),
            ),
            (
                _("How it is read"),
                self.part(
                    *("level", "unit", "direction", "decimals", "margin", "baseline_policy"),
                    *("headline", "descriptive_only", "context_only", "has_response_shift"),
                ),
            ),
            (_("Who and when"), self.part(*_languages("responsible"), "frequency", "note")),
        ]


def _languages(*stems: str) -> list[str]:
    return [f"{stem}_{one}" for stem in stems for one in ("ky", "ru", "en")]


class IndexForm(DefinitionForm):
    """A composite index: each question of the questionnaire is out, in, or in turned round."""

    code = _text("code", 60, help_text=_("Short and for good, for example satisfaction."))
    name_ky, name_ru, name_en = (_text(f"name_{one}") for one in ("ky", "ru", "en"))
    statistic = forms.ChoiceField(
        label=FIELD_WORDS["statistic"], choices=list(STATISTIC_WORDS.items())
    )
    scale_min = _text("scale_min", 20)
    scale_max = _text(
        "scale_max", 20, help_text=_("As the questions are scored; percent: from 0 to 100.")
    )
    positive_codes = _text(
        "positive_codes", 100, help_text=_("For the percent only: the codes, as “4,5”.")
    )
    min_answered_share = _text(
        "min_answered_share", 20, help_text=_("From 0.01 to 1; 0.5 is half of the questions.")
    )
    rescaled_min = TypedNumberField(label=FIELD_WORDS["rescaled_min"])
    rescaled_max = TypedNumberField(
        label=FIELD_WORDS["rescaled_max"],
        help_text=_("To show the index on another scale too, for example 0-3 as 1-5."),
    )
    note = _text("note", 5000, rows=2)

    def __init__(self, *args: Any, items: Iterable[Any], is_new: bool, **kwargs: Any) -> None:
        """`items`: the scored questions of the questionnaire, with name, label and scale."""
        super().__init__(*args, **kwargs)
        self.questions = list(items)
        if not is_new:
            del self.fields["code"]
        for item in self.questions:
            self.fields[f"item_{item.name}"] = forms.ChoiceField(
                label=f"{item.name}: {item.label}",
                required=False,
                choices=[
                    (OUT, _("not in the index")),
                    (IN, _("in the index")),
                    (TURNED, _("in, the other way round")),
                ],
            )

    def typed(self) -> IndexTyped:
        data: Mapping[str, Any] = self.cleaned_data
        chosen = {
            name.removeprefix("item_"): value
            for name, value in data.items()
            if name.startswith("item_") and value != OUT
        }
        stored = self.initial.get("items", [])  # those that stay keep their order
        names = [name for name in stored if name in chosen]
        names += [name for name in chosen if name not in stored]
        cells = {
            **{k: v for k, v in data.items() if k not in NOT_MARKED and "item_" not in k},
            "items": " ".join(names),
            "reverse_items": " ".join(one for one, value in chosen.items() if value == TURNED),
        }
        ends = (data.get("rescaled_min"), data.get("rescaled_max"))
        low, high = (None if end is None else float(end) for end in ends)
        return IndexTyped(cells, (low, high), data.get("reason", ""))

    @staticmethod
    def initial_of(row: CompositeIndex) -> dict[str, Any]:
        """A stored index as it is typed. Two queries."""
        found = index_fields(row)
        places = {f"item_{name}": IN for name in found["items"]}
        places |= {f"item_{name}": TURNED for name in found["reversed_items"]}
        numbers = {
            name: "" if found[name] is None else f"{found[name]:g}"
            for name in (
                *("scale_min", "scale_max", "min_answered_share"),
                *("rescaled_min", "rescaled_max"),
            )
        }
        codes = ",".join(str(code) for code in found["positive_codes"])
        return {
            **found,
            **numbers,
            **places,
            "positive_codes": codes,
            "revision": row.revision,
        }

    @property
    def parts(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [
            (_("Name"), self.part("code", *_languages("name"))),
            (
                _("How it is computed"),
                self.part(
                    *("statistic", "scale_min", "scale_max", "positive_codes"),
                    *("min_answered_share", "rescaled_min", "rescaled_max", "note"),
                ),
            ),
        ]

    @property
    def places(self) -> list[tuple[Any, forms.BoundField]]:
        """Each question with its choice."""
        return [(item, self[f"item_{item.name}"]) for item in self.questions]
