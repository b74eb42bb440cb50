"""What a decision about a file would change, found out by taking it and taking it back.

The decision itself is carried out in a transaction that is rolled back, so a preview cannot differ
from what then happens. The calculation runs after the rollback, on inputs held in memory: nobody
waits for a lock while it goes on, and no result is stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from indicators.actions.replace import earlier_version, replace_upload
from indicators.actions.upload_check import UploadClosed, UploadRefused
from indicators.actions.uploads import (
    AlreadyAccepted,
    NotWithdrawn,
    WaveClosed,
    accept_upload,
    withdraw_upload,
)
from indicators.models import AnswerColumn, Dataset, Project, Upload, UploadPreview
from indicators.pipeline.calculate import calculate
from indicators.pipeline.columnar import smallest
from indicators.pipeline.differences import figures, moved
from indicators.pipeline.inputs import AnswerSet, CalculationInputs
from indicators.pipeline.shapes import Codes, IntArray
from indicators.queries.calculation import calculation_inputs
from indicators.queries.previews import data_mark
from indicators.vocabulary import FileKind, PreviewStep

Respondents = Mapping[str, Mapping[str, Mapping[str, int]]]  # wave -> kind -> school -> n


class _TakenBack(Exception):
    """Ends the transaction of a decision that was only tried."""


@dataclass(frozen=True, slots=True)
class _Tried:
    """The project as it would be, and what the decision reported."""

    inputs: CalculationInputs
    names: Mapping[str, Any]
    counts: Mapping[str, int]
    funnel: tuple[int, ...]


def request_preview(*, upload: Upload, step: PreviewStep) -> UploadPreview:
    """Ask for a preview anew; the one before is forgotten."""
    fields: dict[str, Any] = {"content": {}, "error": "", "finished_at": None, "data_mark": 0}
    preview, _ = UploadPreview.objects.update_or_create(upload=upload, step=step, defaults=fields)
    return preview


def preview_of_checked(*, upload: Upload) -> UploadPreview | None:
    """Asked for after a check; a file that is blocked has nothing to look forward to."""
    upload.refresh_from_db(fields=["n_blocking", "kind"])  # the check wrote a row of its own
    # A checklist of a school that has one is blocked, and may replace it.
    if upload.n_blocking and upload.kind != FileKind.CHECKLIST:
        return None
    return request_preview(upload=upload, step=PreviewStep.ACCEPT)


def compute_preview(*, preview_id: int) -> UploadPreview:
    """Work out a preview that was asked for. Doing it twice is safe.

    With an acceptance comes the replacement of the earlier version, where there is one. What stands
    in the way is named in `error`; any other error is raised, with `error` "failed".
    """
    preview = UploadPreview.objects.select_related("upload__project").get(pk=preview_id)
    if preview.step == PreviewStep.ACCEPT:
        _preview_replacement(preview.upload)
    return _filled(preview)


def _preview_replacement(upload: Upload) -> None:
    UploadPreview.objects.filter(upload=upload, step=PreviewStep.REPLACE).delete()
    found = earlier_version(upload)
    if found is not None:
        earlier, rows = found
        preview = UploadPreview(upload=upload, step=PreviewStep.REPLACE, replaces=earlier)
        _filled(preview, {"rows": asdict(rows)})


def _filled(preview: UploadPreview, known: Mapping[str, Any] | None = None) -> UploadPreview:
    """The preview with its content, stored; `known` is content worked out before."""
    preview.error = "failed"
    try:
        preview.data_mark = data_mark(preview.upload.project)
        preview.content = {**_content(preview), **(known or {})}
        preview.error = ""
    except (UploadRefused, AlreadyAccepted, UploadClosed, WaveClosed):
        preview.error = "refused"
    except NotWithdrawn as standing:
        preview.error, preview.content = "not_withdrawn", {"what": standing.what}
    finally:
        preview.finished_at = timezone.now()
        preview.save()
    return preview


def _content(preview: UploadPreview) -> dict[str, Any]:
    project = preview.upload.project
    inputs, names = calculation_inputs(project)
    tried = _tried(preview)
    before = figures(calculate(inputs), inputs.targets)
    after = figures(calculate(tried.inputs), tried.inputs.targets)
    return {
        "counts": dict(tried.counts),
        "funnel": list(tried.funnel),
        "bases": _bases(names["respondents"], tried.names["respondents"]),
        "figures": [
            {"measure": measure, "wave": wave, "before": asdict(old), "after": asdict(new)}
            for (measure, wave), (old, new) in moved(before, after).items()
        ],
    }


def _tried(preview: UploadPreview) -> _Tried:
    """The project after the decision, which is not kept."""
    found: list[_Tried] = []
    try:
        with transaction.atomic():
            upload = Upload.objects.get(pk=preview.upload_id)
            counts = _decide(upload, preview)
            inputs, names = calculation_inputs(Project.objects.get(pk=upload.project_id))
            inputs = replace(inputs, answers=_held(inputs, names, upload))
            found.append(_Tried(inputs, names, counts, _funnel(upload)))
            raise _TakenBack
    except _TakenBack:
        return found[0]


def _decide(upload: Upload, preview: UploadPreview) -> Mapping[str, int]:
    if preview.replaces is not None:
        return replace_upload(upload=upload, earlier=preview.replaces, by=None, reason="preview")
    if preview.step == PreviewStep.ACCEPT:
        return accept_upload(upload=upload, by=None)
    withdraw_upload(upload=upload, by=None, reason="preview")
    return {}


def _funnel(upload: Upload) -> tuple[int, ...]:
    rows = Dataset.objects.filter(upload=upload)
    return rows.values_list("n_opened", "n_consented", "n_answered", "n_used").first() or ()


def _held(
    inputs: CalculationInputs, names: Mapping[str, Any], upload: Upload
) -> tuple[AnswerSet, ...]:
    """Answers of the file in memory, since they leave the database again; others stay there."""
    columns = AnswerColumn.objects.filter(dataset__upload=upload)
    pairs = columns.exclude(name__startswith="_").values_list("name", "item__continues__name")
    own = list(dict.fromkeys(name for pair in pairs for name in pair if name))
    named = [*names["datasets"], *[{}] * len(inputs.answers)]
    return tuple(
        _in_memory(one, own) if name.get("file_sha256") == upload.sha256 else one
        for one, name in zip(inputs.answers, named, strict=False)
    )


def _in_memory(answers: AnswerSet, names: Sequence[str]) -> AnswerSet:
    held = {name: _small(codes) for name, codes in answers.load(names).items()}

    def load(wanted: Sequence[str]) -> Mapping[str, IntArray]:
        return {name: held[name].astype(np.int64) for name in wanted if name in held}

    return replace(answers, load=load)


def _small(codes: IntArray) -> Codes:
    """The smallest type that holds the codes: a large file stays small."""
    ends = [int(codes.min()), int(codes.max())] if codes.size else []
    return codes.astype(smallest(ends).dtype)


def _bases(before: Respondents, after: Respondents) -> list[dict[str, Any]]:
    """Answer sheets used, where they are not the same: by wave, respondent and school."""
    found = []
    for wave in sorted(before.keys() | after.keys()):
        for kind in sorted(before.get(wave, {}).keys() | after.get(wave, {}).keys()):
            old = before.get(wave, {}).get(kind, {})
            new = after.get(wave, {}).get(kind, {})
            schools = [
                [code, old.get(code, 0), new.get(code, 0)]
                for code in sorted(old.keys() | new.keys())
                if old.get(code, 0) != new.get(code, 0)
            ]
            if schools:
                totals = {"before": sum(old.values()), "after": sum(new.values())}
                found.append({"wave": wave, "respondent": kind, **totals, "schools": schools})
    return found
