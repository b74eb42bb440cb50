"""School progress in the admin."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.models import (
    Change,
    Checklist,
    Estimate,
    Indicator,
    Project,
    Run,
    School,
    Wave,
    WaveInstrument,
)
from indicators.vocabulary import RunState, Scope, Verdict

pytestmark = pytest.mark.django_db

LIST = "admin:school-progress-list"


def page_of(school: str, project: str = "innovative-schools") -> str:
    return reverse("admin:school-progress", args=[project, school])


@pytest.fixture
def run(project: Project) -> Run:
    """A finished calculation with one indicator of one school."""
    respondents = {"W0": {"student": {"IS-03": 43}}, "W1": {"student": {"IS-03": 41}}}
    run = Run.objects.create(
        project=project, state=RunState.DONE, inputs={"respondents": respondents}
    )
    measure = Indicator.objects.get(code="S01").measure
    school = School.objects.get(code="IS-03")
    first, last = Wave.objects.order_by("position")
    for wave, value, n in ((first, 4.1, 43), (last, 4.3, 41)):
        Estimate.objects.create(
            run=run, measure=measure, wave=wave, scope=Scope.SCHOOL, school=school, n=n, value=value
        )
    Change.objects.create(
        run=run,
        measure=measure,
        wave_from=first,
        wave_to=last,
        scope=Scope.SCHOOL,
        school=school,
        baseline=4.1,
        endline=4.3,
        n_baseline=43,
        n_endline=41,
        difference=0.2,
        ci_low=-0.1,
        ci_high=0.5,
        verdict=Verdict.NO_CLEAR_CHANGE,
    )
    return run


def test_the_list_is_by_name_with_answers_and_checklists(sign_in: Any, run: Run) -> None:
    use = WaveInstrument.objects.get(wave__code="W1", version__instrument__code="director")
    Checklist.objects.create(
        school=School.objects.get(code="IS-03"), wave=use.wave, version=use.version
    )
    response = sign_in("officer").get(reverse(LIST))
    assert response.status_code == 200
    page = response.context["page"]
    names = [row.name for row in page.rows]
    assert len(names) == 23
    assert names == sorted(
        names, key=lambda name: name.replace("«", "").replace("»", "").casefold()
    )
    row = next(row for row in page.rows if row.code == "IS-03")
    assert (row.answered[0].baseline, row.answered[0].endline) == ("43", "41")
    assert row.checklists == ("Baseline: not started", "Endline: being filled in")
    assert page_of("IS-03") in response.content.decode()


def test_one_school(sign_in: Any, run: Run) -> None:
    text = sign_in("officer").get(page_of("IS-03")).content.decode()
    for part in ("S01", "4.1", "4.3", "no clear change", "no target", "Not published"):
        assert part in text, part


def test_without_a_calculation_the_page_says_so(sign_in: Any) -> None:
    client = sign_in("officer")
    assert "no calculation" in client.get(reverse(LIST)).content.decode()
    assert "no results" in client.get(page_of("IS-03")).content.decode()


def test_an_administrator_sees_results_but_no_checklists(sign_in: Any, run: Run) -> None:
    client = sign_in("administrator")
    assert "S01" in client.get(page_of("IS-03")).content.decode()
    rows = client.get(reverse(LIST)).context["page"].rows
    assert all(row.checklists == () for row in rows)


@pytest.mark.parametrize("query", ["?page=0", "?page=x", "?page=99999999999", "?page=2"])
def test_any_page_number_is_answered(sign_in: Any, query: str) -> None:
    assert sign_in("officer").get(reverse(LIST) + query).status_code == 200


def test_strangers_and_unknown_things_are_404(sign_in: Any) -> None:
    client = sign_in("officer")
    assert client.get(page_of("IS-99")).status_code == 404
    assert client.get(page_of("IS-03", "other")).status_code == 404
    assert client.get(reverse(LIST) + "?project=other").status_code == 404
    assert sign_in("superuser").get(reverse(LIST)).status_code == 404  # no membership


def test_few_queries(sign_in: Any, run: Run) -> None:
    client = sign_in("officer")
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse(LIST))
    assert len(queries) <= 16
    with CaptureQueriesContext(connection) as queries:
        client.get(page_of("IS-03"))
    assert len(queries) <= 20
