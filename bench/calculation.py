"""The whole demo calculation, warm: both waves, all indicators, all schools, files accepted.

Peer: the same machine reading the same answers and taking plain respondent means with pandas
(groupby school, no intervals, no tests), in the same run.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

ROUNDS = 5
AIM_SECONDS = 2.0


def main() -> int:
    from indicators.actions.runs import request_run, run_calculation
    from indicators.models import Project, Run
    from indicators.pipeline.calculate import calculate
    from indicators.queries.calculation import calculation_inputs

    project = Project.objects.filter(code="innovative-schools").first()
    if project is None:
        print("No demo project here: run `make run` first (DEMO_ONLY=1 stops before serving).")
        return 1

    def whole() -> None:
        run = run_calculation(run_id=request_run(project=project, by=None).pk)
        Run.objects.filter(pk=run.pk).delete()

    def numbers() -> None:
        calculate(calculation_inputs(project)[0])

    rows = {
        "whole calculation, stored as rows": _times(whole),
        "  of it: reading answers and numbers": _times(numbers),
        "peer: pandas means per school only": _times(lambda: _pandas_means(project)),
    }
    peer = statistics.median(rows["peer: pandas means per school only"])
    print(f"{'demo calculation (warm)':<40} {'median s':>9} {'min':>7} {'max':>7} {'x peer':>7}")
    for name, seconds in rows.items():
        middle = statistics.median(seconds)
        print(
            f"{name:<40} {middle:>9.3f} {min(seconds):>7.3f} {max(seconds):>7.3f} "
            f"{middle / peer:>7.1f}"
        )
    reached = statistics.median(rows["whole calculation, stored as rows"]) < AIM_SECONDS
    print(f"aim: under {AIM_SECONDS} s: {'reached' if reached else 'missed'}")
    return 0


def _times(work: Callable[[], Any]) -> list[float]:
    work()  # warm: imports, caches
    seconds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return seconds


def _pandas_means(project: Any) -> None:
    import numpy as np
    import pandas as pd

    from indicators.models import Dataset
    from indicators.pipeline.shapes import MISSING
    from indicators.queries.answers import answers_of

    for dataset in Dataset.objects.filter(wave__project=project):
        names = dataset.columns.values_list("name", flat=True)
        table = pd.DataFrame(answers_of(dataset, list(names))).astype(float)
        table.replace(MISSING, np.nan).groupby("_school").mean()
