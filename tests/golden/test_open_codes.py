"""The demo's open answers, coded from its files, have the shares of the study's own key."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from indicators.actions.coding_files import accept_codes, export_codes, preview_codes
from indicators.actions.demo import DEMO_DIR
from indicators.actions.demo_codes import load_demo_codes
from indicators.actions.runs import is_up_to_date, request_run, run_calculation
from indicators.models import AuditEvent, Coding, Item, OpenQuestion, Theme, ThemeShare, User, Wave

TRUTH = Path(__file__).parent / "truth"
WAVES = {"W0": "baseline", "W1": "endline"}


def counts(wave: str) -> Counter[str]:
    text = (TRUTH / f"open_text_codes_{WAVES[wave]}.csv").read_text(encoding="utf-8-sig")
    return Counter(row["theme"] for row in csv.DictReader(text.splitlines()))


@pytest.fixture
def coder() -> User:
    return User.objects.create_user("coder")


def test_the_shares_are_those_of_the_key(demo_project, demo_run, coder):
    load_demo_codes(project=demo_project, directory=DEMO_DIR, by=coder)
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


def test_handed_out_codes_come_back_unchanged(demo_project, coder):
    load_demo_codes(project=demo_project, directory=DEMO_DIR, by=coder)
    question = Item.objects.get(instrument__project=demo_project, name="p_open_improve")
    wave = Wave.objects.get(project=demo_project, code="W0")
    book = export_codes(item=question, wave=wave, by=coder)
    again = preview_codes(item=question, wave=wave, file_name="k.xlsx", content=book, by=coder)
    assert not again.read.problems
    place = {"file_name": "k.xlsx", "sha256": again.sha256}
    _read, found = accept_codes(item=question, wave=wave, **place, by=coder)
    assert found == {"new": 0, "changed": 0, "same": 1512}


def test_codes_are_loaded_once_and_themes_changed_since_stay(demo_project, coder):
    load_demo_codes(project=demo_project, directory=DEMO_DIR, by=coder)
    Theme.objects.filter(code="quality").update(label_en="Teaching")
    known = (Coding.objects.count(), AuditEvent.objects.count())
    load_demo_codes(project=demo_project, directory=DEMO_DIR, by=coder)
    assert (Coding.objects.count(), AuditEvent.objects.count()) == known
    assert Theme.objects.get(code="quality").label_en == "Teaching"


def test_a_file_that_cannot_be_taken_leaves_no_theme(demo_project, coder, tmp_path):
    (tmp_path / "open_answers.toml").write_text(
        '[[question]]\ninstrument = "parent"\nitem = "p_open_improve"\n'
        'codes = { W0 = "codes.csv" }\n'
        '[[question.theme]]\ncode = "quality"\nlabel_ky = "a"\nlabel_ru = "b"\n'
        'label_en = "c"\ndefinition = "d"\n',
        encoding="utf-8",
    )
    (tmp_path / "codes.csv").write_text("file_row,theme\n3,weather\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"codes\.csv"):
        load_demo_codes(project=demo_project, directory=tmp_path, by=coder)
    item = Item.objects.get(instrument__project=demo_project, name="p_open_improve")
    assert not Theme.objects.filter(item=item).exists()
