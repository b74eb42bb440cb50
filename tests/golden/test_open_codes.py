"""The demo's open answers, coded from a file as the study's own key has them."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from indicators.actions.coding_files import accept_codes, export_codes, preview_codes
from indicators.actions.runs import is_up_to_date, request_run, run_calculation
from indicators.actions.themes import add_theme
from indicators.models import Coding, Item, OpenQuestion, ThemeShare, User, Wave

TRUTH = Path(__file__).parent / "truth"
WAVES = {"W0": "baseline", "W1": "endline"}


def key_of(wave: str) -> bytes:
    return (TRUTH / f"open_text_codes_{WAVES[wave]}.csv").read_bytes()


def counts(wave: str) -> Counter[str]:
    rows = csv.DictReader(key_of(wave).decode("utf-8-sig").splitlines())
    return Counter(row["theme"] for row in rows)


@pytest.fixture
def coder() -> User:
    return User.objects.create_user("coder")


@pytest.fixture
def question(demo_project, coder) -> Item:
    item = Item.objects.get(instrument__project=demo_project, name="p_open_improve")
    for place, code in enumerate(sorted(counts("W0"))):
        values = {"label_ky": "", "label_ru": "", "label_en": code, "definition": ""}
        values |= {"position": place, "is_active": True}
        add_theme(item=item, code=code, values=values, by=coder)
    return item


def test_the_shares_are_those_of_the_key(demo_project, demo_run, question, coder):
    for code in WAVES:
        wave = Wave.objects.get(project=demo_project, code=code)
        found = preview_codes(
            item=question, wave=wave, file_name="k.csv", content=key_of(code), by=coder
        )
        assert (found.read.problems, len(found.read.given)) == ((), found.n_answers)
        assert not Coding.objects.filter(wave=wave).exists()  # a look stores no code
        place = {"file_name": "k.csv", "sha256": found.sha256}
        accept_codes(item=question, wave=wave, **place, by=coder)
    assert is_up_to_date(project=demo_project) is None  # the codes are part of the fingerprint
    run = run_calculation(run_id=request_run(project=demo_project, by=coder).pk)
    for code in WAVES:
        wanted = counts(code)
        head = OpenQuestion.objects.get(run=run, wave__code=code)
        n = wanted.total()
        assert (head.n_answers, head.n_coded, head.n_themed, head.n_coders) == (n, n, n, 1)
        rows = ThemeShare.objects.filter(run=run, wave__code=code)
        assert {row.theme.code: row.n_with for row in rows} == wanted
        assert all(row.share == wanted[row.theme.code] / n for row in rows)
        assert sum(row.share for row in rows) == pytest.approx(1)
    assert OpenQuestion.objects.get(run=run, wave__code="W0").n_used == 2535
    # What else the run holds is as before.
    assert run.estimates.count() == demo_run.estimates.count()


def test_handed_out_codes_come_back_unchanged(demo_project, question, coder):
    wave = Wave.objects.get(project=demo_project, code="W0")
    first = preview_codes(
        item=question, wave=wave, file_name="k.csv", content=key_of("W0"), by=coder
    )
    accept_codes(item=question, wave=wave, file_name="k.csv", sha256=first.sha256, by=coder)
    book = export_codes(item=question, wave=wave, by=coder)
    again = preview_codes(item=question, wave=wave, file_name="k.xlsx", content=book, by=coder)
    assert not again.read.problems
    place = {"file_name": "k.xlsx", "sha256": again.sha256}
    _read, found = accept_codes(item=question, wave=wave, **place, by=coder)
    assert found == {"new": 0, "changed": 0, "same": 1512}
