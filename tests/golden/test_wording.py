"""The reworded question: what an officer decides changes S10 and S06, and back again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import models

from indicators.actions.runs import request_run, run_calculation
from indicators.actions.wordings import decide_wordings, link_question, unlink_question
from indicators.models import (
    Assessment,
    Change,
    DistributionTest,
    Estimate,
    Gap,
    ItemVersion,
    Reliability,
    Run,
    User,
    WordingDecision,
)
from indicators.queries.wording import version_pairs
from indicators.vocabulary import Comparability, Scope
from tests.golden.conftest import load_demo
from tests.pipeline.project_folder import copy_demo, spoil

pytestmark = pytest.mark.django_db

RESULTS = (Estimate, Change, Gap, Assessment, Reliability, DistributionTest)
REWORDED = "s_respect_everyone"


def calculate(run: Run) -> Run:
    return run_calculation(run_id=request_run(project=run.project, by=None).pk)


def decide(run: Run, is_comparable: bool, reason: str) -> None:
    question = ItemVersion.objects.get(
        name_in_version=f"{REWORDED}_v2", version__instrument__project=run.project
    )
    newest = WordingDecision.objects.filter(question=question).order_by("-id").first()
    assert newest is not None
    officer, _made = User.objects.get_or_create(username="decider")
    decide_wordings(
        project=run.project,
        seen={question.pk: newest.pk},
        is_comparable=is_comparable,
        reason=reason,
        by=officer,
    )


def change(run: Run, indicator: str) -> Change:
    return Change.objects.get(
        run=run, measure__indicators__code=indicator, scope=Scope.PROJECT, group_by=""
    )


def content(run: Run) -> dict[str, list[dict[str, Any]]]:
    """Every stored number of a run, without the keys of its rows."""

    def plain(model: type[models.Model]) -> list[dict[str, Any]]:
        names = [f.attname for f in model._meta.concrete_fields if f.name not in ("id", "run")]
        return list(model._default_manager.filter(run=run).order_by("id").values(*names))

    return {model.__name__: plain(model) for model in RESULTS}


def test_the_framework_file_made_the_first_decision(demo_run: Run) -> None:
    (pair,) = version_pairs(demo_run.project)
    by_name = {row.compared.name: row for row in pair.rows}
    row = by_name[REWORDED]
    assert row.status is Comparability.NOT_COMPARABLE
    (first,) = row.decisions
    assert first.is_from_file
    assert first.reason == "reworded at endline; wording alone lifts answers"
    assert (pair.n_changed, pair.n_undecided) == (1, 0)
    others = [one for one in pair.rows if one.is_listed and one is not row]
    assert [one.compared.name for one in others] == ["s_online_safety"]  # new at endline


def test_comparable_and_back(demo_run: Run, truth: Any) -> None:
    before = content(demo_run)
    decide(demo_run, True, "The pilot found no difference between both wordings.")
    together = calculate(demo_run)
    s06, s10 = change(together, "S06"), change(together, "S10")
    assert not s06.is_on_common_items
    expected = truth["indicators"]
    assert s06.all_difference == pytest.approx(expected["S06"]["diff"], abs=1.1e-4)
    assert round(s06.all_difference, 2) == 0.16
    assert s06.verdict == "INCREASED"
    assert s10.all_difference is not None
    assert s10.all_difference * 100 == pytest.approx(expected["S10"]["diff"], abs=1.1e-4)
    assert s10.verdict == "INCREASED"
    assert together.input_sha256 != demo_run.input_sha256

    decide(demo_run, False, "The wording alone lifts answers.")
    again = calculate(demo_run)
    assert content(again) == before
    assert again.input_sha256 == demo_run.input_sha256
    assert change(again, "S10").verdict == "NOT_COMPARABLE"
    assert change(again, "S06").is_on_common_items


@pytest.fixture
def unlinked(tmp_path: Path, settings: Any, db: None) -> Run:
    """The study with a framework file that says nothing about the reworded question."""
    settings.MEDIA_ROOT = str(tmp_path / "files")
    folder = copy_demo(tmp_path)
    spoil(folder / "framework.xlsx", "item_versions", lambda page: page.delete_rows(2, 2))
    return load_demo(folder, code="unlinked")


def test_a_link_joins_the_series(unlinked: Run, truth: Any) -> None:
    """Nobody said that the new question is the old one: it is proposed, linked and taken back."""
    before = content(unlinked)
    asked_once = Change.objects.filter(run=unlinked, measure__indicators__code="S10")
    assert not asked_once.exists()  # at baseline only
    (pair,) = version_pairs(unlinked.project)
    (link,) = pair.links()
    assert (link.old.name, link.new.name) == (REWORDED, f"{REWORDED}_v2")
    gone, added = pair.gone()[REWORDED], pair.added()[f"{REWORDED}_v2"]
    officer = User.objects.create(username="linker")
    joined = link_question(
        project=unlinked.project,
        earlier=gone.item,
        later=added.item,
        is_comparable=True,
        reason="The same question in other words.",
        by=officer,
    )
    together = calculate(unlinked)
    s06, s10 = change(together, "S06"), change(together, "S10")
    assert s06.all_difference == pytest.approx(truth["indicators"]["S06"]["diff"], abs=1.1e-4)
    assert s10.all_difference is not None
    assert s10.all_difference * 100 == pytest.approx(truth["indicators"]["S10"]["diff"], abs=1.1e-4)
    assert (s06.verdict, s10.verdict) == ("INCREASED", "INCREASED")

    unlink_question(project=unlinked.project, item_pk=joined.pk, reason="A mistake.", by=officer)
    again = calculate(unlinked)
    assert content(again) == before
    assert again.input_sha256 == unlinked.input_sha256


def test_a_link_that_is_not_comparable_shows_both_levels(unlinked: Run, demo_run: Run) -> None:
    (pair,) = version_pairs(unlinked.project)
    link_question(
        project=unlinked.project,
        earlier=pair.gone()[REWORDED].item,
        later=pair.added()[f"{REWORDED}_v2"].item,
        is_comparable=False,
        reason="The wording alone lifts answers.",
        by=User.objects.create(username="linker"),
    )
    linked = calculate(unlinked)
    for code in ("S06", "S10"):
        ours, theirs = change(linked, code), change(demo_run, code)
        for name in ("baseline", "endline", "difference", "verdict", "is_on_common_items"):
            assert getattr(ours, name) == getattr(theirs, name), (code, name)
