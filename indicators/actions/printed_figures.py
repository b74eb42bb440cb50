"""Check the figures of a printed report. Nothing of it is kept but that it was done."""

from __future__ import annotations

from collections import Counter

from indicators.actions.audit import record
from indicators.models import Run, User
from indicators.pipeline.printed_figures import PrintedCheck, check_printed
from indicators.queries.printed_figures import stored_figures


def check_figures(*, run: Run, text: str, by: User) -> PrintedCheck:
    """Compare a pasted table with the figures of a finished run."""
    check = check_printed(text, stored_figures(project=run.project, run=run))
    kinds = Counter(one.kind.value for one in check.findings)
    record(
        "figure.checked",
        run,
        by=by,
        project=run.project,
        after={
            "lines": check.n_lines,
            "comparisons": check.n_compared,
            "findings": dict(sorted(kinds.items())),
            "unread": len({one.line for one in check.problems}),
        },
    )
    return check
