"""The reading pages at the size of the country: 2,333 schools x 70 indicators x 2 waves.

The register of the demo project with made-up results (levels, changes and targets of every school,
groups of every indicator) in a scratch SQLite database. A page is asked for as an officer, who sees
most; its processor time holds everything from the address to the bytes, the database included.

Peer: the page "How to read this", which shows no result.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

SCHOOLS = 2_333
TARGETED = 5  # indicators with a target in every school
GROUPS = {"sex": ("1", "2"), "settlement": ("urban", "rural"), "oblast": ("osh", "chui", "naryn")}
ROUNDS = 7
AIM_SECONDS = 0.2
PEER = "legend/"
PAGES = {
    "how to read this (peer)": PEER,
    "overview": "",
    "overview, filtered": "?look=moved&level=outcome",
    "performance table": "performance/",
    "performance table, XLSX": "performance/file/?format=xlsx",
    "performance table, CSV": "performance/file/?format=csv",
    "indicator with its schools": "indicators/S01/",
    "indicator, schools of one region": "indicators/S01/?region=osh&language=ky",
    "gaps": "gaps/",
    "one gap": "gaps/of/S01/sex/",
    "list of schools": "schools/",
    "school": "schools/C0042/",
}


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        settings = {"VAR_DIR": folder, "DATABASE_URL": f"sqlite:///{Path(folder) / 'db.sqlite3'}"}
        command = [sys.executable, "-m", "bench.pages"]
        return subprocess.run(command, check=False, env=os.environ | settings).returncode


def measure() -> int:
    """In a process of its own, whose database is empty."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0, interactive=False)
    project, person = build()
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(person)
    found = {
        name: _seconds(client, f"/p/{project.code}/{address}") for name, address in PAGES.items()
    }
    peer = statistics.median(found["how to read this (peer)"])
    print(
        f"{f'pages, {SCHOOLS:,} schools':<40} {'median ms':>9} {'min':>7} {'max':>7} {'x peer':>7}"
    )
    for name, seconds in found.items():
        middle, low, high = (1000 * f(seconds) for f in (statistics.median, min, max))
        print(f"{name:<40} {middle:>9.0f} {low:>7.0f} {high:>7.0f} {middle / peer / 1000:>7.1f}")
    missed = [name for name, times in found.items() if statistics.median(times) > AIM_SECONDS]
    print(f"aim: every page under {AIM_SECONDS * 1000:.0f} ms: {', '.join(missed) or 'reached'}")
    return 0


def _seconds(client: Any, address: str) -> list[float]:
    """Processor time of this process; the first visit, which compiles templates, is not counted."""
    found = []
    for _ in range(ROUNDS + 1):
        start = time.process_time()
        response = client.get(address)
        assert response.status_code == 200, (address, response.status_code)
        assert len(response.content) > 1000
        found.append(time.process_time() - start)
    return found[1:]


def build() -> tuple[Any, Any]:
    """The project with its results, and an officer."""
    from indicators.actions.demo import DEMO_DIR
    from indicators.actions.load_project import load_project
    from indicators.models import (
        Assessment,
        Change,
        Estimate,
        Gap,
        Indicator,
        Membership,
        Release,
        Run,
        School,
        Target,
        User,
        Wave,
    )

    project = load_project(directory=DEMO_DIR, by=None).project
    Target.objects.filter(indicator__project=project).delete()
    _add_schools(project)
    schools = list(School.objects.filter(project=project).order_by("code"))
    waves = list(Wave.objects.filter(project=project).order_by("position"))
    indicators = list(Indicator.objects.filter(project=project).select_related("measure"))
    run = Run.objects.create(
        project=project,
        state="done",
        finished_at=datetime.now(UTC),
        inputs={
            "respondents": {
                wave.code: {
                    who: {school.code: 20 for school in schools}
                    for who in ("student", "teacher", "director")
                }
                for wave in waves
            }
        },
    )
    Release.objects.create(run=run, published_at=datetime.now(UTC))
    _store(Estimate, _estimates(run, indicators, schools, waves))
    _store(Gap, _gaps(run, indicators, waves))
    _store(Change, _changes(run, indicators, schools, waves))
    _store(Target, _targets(indicators, schools, waves[-1]))
    targets = Target.objects.filter(indicator__project=project)
    _store(Assessment, (_assessment(run, target) for target in targets))
    person = User.objects.create(username="bench")
    Membership.objects.create(user=person, project=project, role="officer")
    return project, person


def _store(model: Any, rows: Iterator[Any]) -> None:
    while some := list(islice(rows, 5000)):
        model.objects.bulk_create(some, batch_size=1000)


def _add_schools(project: Any) -> None:
    """To the 24 of the demo as many as the country needs, a third of them in each region."""
    from indicators.models import School

    regions = GROUPS["oblast"]
    n_there = School.objects.filter(project=project).count()
    made = (
        School(
            project=project,
            code=f"C{number:04d}",
            name_ky=f"Мектеп {number}",
            name_ru=f"Школа {number}",
            name_en=f"School {number}",
            oblast=regions[number % len(regions)],
            languages=("ky", "ru", "ky,ru")[number % 3],
            settlement="rural",
        )
        for number in range(n_there, SCHOOLS)
    )
    _store(School, made)


def _estimates(run: Any, indicators: list[Any], schools: list[Any], waves: list[Any]) -> Any:
    from indicators.models import Estimate

    for place, indicator in enumerate(_one_per_measure(indicators)):
        for wave in waves:
            value = 0.6 + place / 1000 + wave.position / 20
            common = {"run": run, "measure": indicator.measure, "wave": wave}
            whole = {"n": 40_000, "n_schools": SCHOOLS, "sd": 0.9, "method": "cluster-robust"}
            ends = {"ci_low": value - 0.02, "ci_high": value + 0.02}
            yield Estimate(**common, **whole, **ends, value=value, scope="project")
            for group_by, groups in GROUPS.items():
                for group in groups:
                    of_group = {"group_by": group_by, "group": group, "scope": "group"}
                    yield Estimate(**common, **whole, **ends, **of_group, value=value)
            for number, school in enumerate(schools):
                own = value + number % 7 / 100
                yield Estimate(
                    **common,
                    scope="school",
                    school=school,
                    n=20,
                    value=own,
                    sd=0.9,
                    ci_low=own - 0.2,
                    ci_high=own + 0.2,
                )


def _gaps(run: Any, indicators: list[Any], waves: list[Any]) -> Any:
    """Of every indicator between the groups that come in pairs."""
    from indicators.models import Gap

    ends = {"ci_low": -0.02, "ci_high": 0.06, "n_first": 40_000, "n_second": 39_000}
    moved = {"change": 0.01, "change_low": -0.01, "change_high": 0.03}
    for indicator in _one_per_measure(indicators):
        for group_by in ("sex", "settlement"):
            first, second = GROUPS[group_by]
            pair = {"group_by": group_by, "first_group": first, "second_group": second}
            for wave in waves:
                common = {"run": run, "measure": indicator.measure, "wave": wave}
                later = {**moved, "change_word": "no_clear_change"} if wave.position else {}
                yield Gap(**common, **pair, **ends, **later, value=0.02)


def _changes(run: Any, indicators: list[Any], schools: list[Any], waves: list[Any]) -> Any:
    from indicators.models import Change
    from indicators.vocabulary import Verdict

    for indicator in _one_per_measure(indicators):
        common = {
            "run": run,
            "measure": indicator.measure,
            "wave_from": waves[0],
            "wave_to": waves[-1],
            "baseline": 0.6,
            "endline": 0.65,
            "difference": 0.05,
            "ci_low": 0.01,
            "ci_high": 0.09,
            "detectable": 0.06,
            "p": 0.01,
        }
        bases = {"n_baseline": 40_000, "n_endline": 41_000, "n_schools": SCHOOLS}
        yield Change(**common, **bases, scope="project", verdict=Verdict.INCREASED)
        for school in schools:
            yield Change(
                **common,
                scope="school",
                school=school,
                n_baseline=20,
                n_endline=20,
                n_schools=1,
                verdict=Verdict.NO_CLEAR_CHANGE,
            )


def _one_per_measure(indicators: list[Any]) -> list[Any]:
    """Two indicators on one question share their numbers."""
    return list({indicator.measure_id: indicator for indicator in indicators}.values())


def _targets(indicators: list[Any], schools: list[Any], wave: Any) -> Any:
    from indicators.models import Target

    for place, indicator in enumerate(indicators):
        for school in (None, *(schools if place < TARGETED else ())):
            yield Target(indicator=indicator, school=school, wave=wave, type="at_least", low=0.7)


def _assessment(run: Any, target: Any) -> Any:
    from indicators.models import Assessment

    return Assessment(
        run=run,
        target=target,
        target_type=target.type,
        target_low=target.low,
        status="too_close",
        value=0.65,
        reached=False,
        prob_met=0.4,
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mel.settings")
    sys.exit(measure())
