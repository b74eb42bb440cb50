"""What a changed definition would do, at the size of the country.

The demo project with its answers copied for 2,333 schools. Timed: the request that asks for the
effect and gets its page (processor time, the work itself going to the background), the page that
shows it, and the work. Beside it: the request in the demo project itself, which waits for the work.

Peer: the whole calculation of the same data, in the same run.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from django.db import transaction

from bench.national import SCHOOLS, grow

AIM_SECONDS = 0.2
ROUNDS = 5
INDEX = "climate_safety"
INDICATORS = {"a share of parents": "P07", "a fact of checklists": "D07", "a gap": "G01"}
QUEUE = "indicators.views.definition_steps.enqueue_effect"


class _Undo(Exception):
    """Ends the transaction of the benchmark."""


def main() -> int:
    from indicators.models import Project, User

    project = Project.objects.filter(code="innovative-schools").first()
    if project is None:
        print("No demo project here: run `make run` first (DEMO_ONLY=1 stops before serving).")
        return 1
    try:
        with transaction.atomic():
            officer = User.objects.get(username="officer")
            small = _requests(project, officer)
            sheets = grow(project)
            large = _requests(project, officer)
            works = _works(project, officer)
            peer = _seconds(lambda: _calculation(project), rounds=1)
            raise _Undo
    except _Undo:
        _print(small, large, works, peer, sheets)
    return 0


def _print(
    small: dict[str, float],
    large: dict[str, float],
    works: dict[str, float],
    peer: float,
    sheets: int,
) -> None:
    print(f"{f'effect of a definition, {SCHOOLS:,} schools':<54} {'median s':>9} {'x peer':>7}")
    rows = {
        **{f"request: {name}": seconds for name, seconds in large.items()},
        **{f"work: {name}": seconds for name, seconds in works.items()},
        **{f"in the demo, request with work: {name}": seconds for name, seconds in small.items()},
        f"peer: whole calculation, {sheets:,} sheets": peer,
    }
    for name, seconds in rows.items():
        print(f"{name:<54} {seconds:>9.3f} {seconds / peer:>7.3f}")
    slowest = max(large.values())
    print(
        f"aim: requests under {AIM_SECONDS} s: {'reached' if slowest < AIM_SECONDS else 'missed'}"
    )


def _requests(project: Any, officer: Any) -> dict[str, float]:
    """Processor time of asking, and of the page where the effect is shown."""
    from django.conf import settings
    from django.test import Client

    from indicators.tasks import effect

    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    client = Client()
    client.force_login(officer)
    asked: list[int] = []
    found = {}
    with patch(QUEUE, asked.append):
        for name, (address, typed) in _changes(project).items():
            found[name] = _seconds(lambda a=address, t=typed: _post(client, a, t))
            if asked:
                effect(asked[-1])
                shown = f"{address}?effect={asked[-1]}"
                found[f"{name}, shown"] = _seconds(lambda s=shown: _get(client, s))
            asked.clear()
    return found


def _changes(project: Any) -> dict[str, tuple[str, dict[str, Any]]]:
    """What is typed: an index loses a question, others another least change that matters."""
    from indicators.forms.definition_edit import IndexForm, IndicatorForm
    from indicators.models import CompositeIndex, Indicator

    index = CompositeIndex.objects.get(instrument__project=project, code=INDEX)
    typed = IndexForm.initial_of(index)
    typed.pop(next(name for name in typed if name.startswith("item_")))
    base = f"/p/{project.code}/register"
    changes = {"an index": (f"{base}/indices/{INDEX}/edit/", _sent(typed))}
    for name, code in INDICATORS.items():
        row = Indicator.objects.select_related("measure").get(project=project, code=code)
        typed = IndicatorForm.initial_of(row) | {"margin": "0.3"}
        changes[name] = (f"{base}/{code}/edit/", _sent(typed))
    return changes


def _sent(typed: dict[str, Any]) -> dict[str, Any]:
    sent = {
        name: value for name, value in typed.items() if value is not None and value is not False
    }
    return sent | {"step": "look"}


def _post(client: Any, address: str, typed: dict[str, Any]) -> None:
    page = client.post(address, typed)
    is_shown = page.status_code == 302 or b'id="effect"' in page.content
    assert is_shown, (address, page.status_code)


def _get(client: Any, address: str) -> None:
    page = client.get(address)
    assert b'id="levels-caption"' in page.content, address


def _works(project: Any, officer: Any) -> dict[str, float]:
    from indicators.actions.definition_preview import count, try_index
    from indicators.forms.definition_edit import IndexForm
    from indicators.models import CompositeIndex
    from indicators.queries.definition_choices import scored_items

    index = CompositeIndex.objects.get(instrument__project=project, code=INDEX)
    typed = _changes(project)["an index"][1]
    form = IndexForm(typed, items=scored_items(index.instrument), is_new=False)
    assert form.is_valid(), form.errors

    def work() -> None:
        tried = try_index(
            instrument=index.instrument,
            index=index,
            typed=form.typed(),
            revision=index.revision,
            by=officer,
        )
        count(tried)

    return {"an index": _seconds(work)}


def _calculation(project: Any) -> None:
    from indicators.pipeline.calculate import calculate
    from indicators.queries.calculation import calculation_inputs

    calculate(calculation_inputs(project)[0])


def _seconds(work: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """Median of processor time; the first time, which compiles and imports, is not counted."""
    if rounds > 1:
        work()
    found = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return statistics.median(found)


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mel.settings")
    django.setup()
    raise SystemExit(main())
