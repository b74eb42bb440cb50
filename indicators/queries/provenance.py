"""Where the numbers of a run come from, as the run itself recorded it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indicators.results import Records, RunHead, Source
from indicators.vocabulary import Respondent

if TYPE_CHECKING:
    from indicators.models import Run
    from indicators.queries.visible import VisibleRun


def run_head(found: VisibleRun) -> RunHead:
    """No query: `visible_run` fetched what is needed."""
    run = found.run
    release = getattr(run, "release", None)
    return RunHead(
        pk=run.pk,
        code_version=run.code_version,
        input_sha256=run.input_sha256,
        finished_at=run.finished_at,
        started_by=str(run.started_by) if run.started_by else "",
        is_published=found.is_published,
        published_at=release.published_at if release and found.is_published else None,
    )


def sources(run: Run, *, instruments: frozenset[str] | None = None) -> tuple[Source, ...]:
    """Accepted survey files of a run, all or those of some questionnaires. No query."""
    return tuple(
        Source(
            file=row["file"],
            file_sha256=row["file_sha256"],
            dataset_sha256=row["sha256"],
            wave=row["wave"],
            instrument=row["instrument"],
            version=str(row["version"]),
            n=row["n"],
            n_excluded=len(row["excluded"]),
        )
        for row in run.inputs.get("datasets", ())
        if instruments is None or row["instrument"] in instruments
    )


def records(run: Run, respondent: str) -> Records | None:
    """The fingerprint of the checklists or records behind an indicator without a survey file."""
    kinds = set(respondent.split("+"))
    if Respondent.DIRECTOR in kinds:
        found = run.inputs.get("checklists", ""), run.inputs.get("n_checklists")
        return Records("checklists", *found)
    if kinds & {Respondent.DESK, Respondent.CLUSTER, Respondent.MANUAL}:
        return Records("records", run.inputs.get("facts", ""))
    return None
