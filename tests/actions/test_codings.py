"""Codes of open answers: who said what, and what becomes of it when files change."""

from __future__ import annotations

from collections import Counter

import pytest

from indicators.actions.codings import (
    StaleCoding,
    ThemeUnknown,
    code_answer,
    import_codes,
)
from indicators.actions.exclusions import exclude_rows
from indicators.actions.replace import replace_upload
from indicators.actions.themes import (
    StaleTheme,
    ThemeExists,
    ThemeRefused,
    add_theme,
    change_theme,
)
from indicators.actions.uploads import accept_upload, withdraw_upload
from indicators.models import AuditEvent, Coding, Item, Theme, User, Wave
from indicators.queries.coding_sheet import wave_answers
from indicators.queries.open_answers import open_questions
from tests.actions.test_replace import as_file, checked, rows_of_parents
from tests.actions.upload_cases import PARENTS, load

WORDS = {"label_ky": "", "label_ru": "", "definition": "", "position": 0, "is_active": True}


@pytest.fixture
def parents(demo):
    return load(demo, PARENTS, "survey", "W0", instrument="parent").upload


@pytest.fixture
def item(demo, officer, parents) -> Item:
    found = Item.objects.get(instrument__project=demo, name="p_open_improve")
    for code in ("food", "calm"):
        add_theme(item=found, code=code, values=WORDS | {"label_en": code}, by=officer)
    return found


@pytest.fixture
def answers(item):
    return wave_answers(item, Wave.objects.get(project=item.instrument.project, code="W0"))


def code(answer, item, themes, by, revision=None):
    return code_answer(answer=answer, item=item, themes=themes, revision=revision, by=by)


def counted(item):
    (spec,) = open_questions(item.instrument.project)
    return spec


# --- one answer ---------------------------------------------------------------------------


def test_a_code_is_kept_changed_and_on_record(answers, item, officer):
    stored = code(answers[0], item, ["food", "calm"], officer)
    assert (stored.upload_id, stored.row) == (answers[0].upload, answers[0].row)
    code(answers[0], item, [], officer, revision=1)
    stored.refresh_from_db()
    assert (stored.themes.count(), stored.revision) == (0, 2)
    events = AuditEvent.objects.filter(kind="coding.changed").order_by("pk")
    assert [event.after["themes"] for event in events] == [["calm", "food"], []]
    assert events[1].before == {"themes": ["calm", "food"]}


def test_the_same_code_again_changes_nothing(answers, item, officer):
    code(answers[0], item, ["food"], officer)
    code(answers[0], item, ["food"], officer, revision=1)
    assert Coding.objects.get().revision == 1
    assert AuditEvent.objects.filter(kind="coding.changed").count() == 1


@pytest.mark.parametrize("revision", [None, 7])
def test_a_second_window_is_told(answers, item, officer, revision):
    code(answers[0], item, ["food"], officer)
    with pytest.raises(StaleCoding) as stale:
        code(answers[0], item, ["calm"], officer, revision=revision)
    assert (stale.value.themes, stale.value.revision) == (("food",), 1)
    assert Coding.objects.get().themes.get().code == "food"


def test_two_people_code_the_same_answer_apart(answers, item, officer):
    other = User.objects.create_user("second")
    code(answers[0], item, ["food"], officer)
    code(answers[0], item, ["calm"], other)
    assert len(counted(item).codes) == 2


def test_themes_of_other_questions_or_out_of_use_are_refused(answers, item, officer):
    Theme.objects.filter(code="calm").update(is_active=False)
    for wrong in ("calm", "yard"):
        with pytest.raises(ThemeUnknown):
            code(answers[0], item, [wrong], officer)
    assert not Coding.objects.exists()


# --- the frame ----------------------------------------------------------------------------


def test_a_merge_counts_elsewhere_and_can_be_undone(answers, item, officer):
    code(answers[0], item, ["food", "calm"], officer)
    food, calm = (Theme.objects.get(code=one) for one in ("food", "calm"))
    merged = change_theme(
        theme=food, values=WORDS | {"label_en": "food"}, merged_into=calm, revision=1, by=officer
    )
    assert not merged.is_active
    assert counted(item).themes == ("calm",)
    assert counted(item).codes[0].themes == {"calm"}
    assert Coding.objects.get().themes.count() == 2
    change_theme(
        theme=food, values=WORDS | {"label_en": "food"}, merged_into=None, revision=2, by=officer
    )
    assert counted(item).codes[0].themes == {"calm", "food"}
    kinds = list(AuditEvent.objects.filter(kind__startswith="theme.").values_list("kind"))
    assert kinds.count(("theme.changed",)) == 2


def test_a_chain_of_merges_ends_in_one_theme(answers, item, officer):
    yard = add_theme(item=item, code="yard", values=WORDS | {"label_en": "yard"}, by=officer)
    food, calm = (Theme.objects.get(code=one) for one in ("food", "calm"))
    code(answers[0], item, ["food"], officer)
    for theme, target in ((food, calm), (calm, yard)):
        values = WORDS | {"label_en": theme.code}
        change_theme(theme=theme, values=values, merged_into=target, revision=1, by=officer)
    assert counted(item).codes[0].themes == {"yard"}
    with pytest.raises(ThemeRefused):
        change_theme(
            theme=yard, values=WORDS | {"label_en": "y"}, merged_into=food, revision=1, by=officer
        )


def test_a_theme_changed_meanwhile_or_doubled_is_refused(item, officer):
    food = Theme.objects.get(code="food")
    with pytest.raises(StaleTheme) as stale:
        change_theme(theme=food, values=WORDS, merged_into=None, revision=9, by=officer)
    assert stale.value.stored["label_en"] == "food"
    with pytest.raises(ThemeRefused):
        change_theme(theme=food, values=WORDS, merged_into=food, revision=1, by=officer)
    with pytest.raises(ThemeExists):
        add_theme(item=item, code="food", values=WORDS, by=officer)


# --- a file of codes ----------------------------------------------------------------------


def test_a_file_changes_what_was_said_and_keeps_it_on_record(answers, item, officer):
    code(answers[0], item, ["food"], officer)
    code(answers[1], item, ["food"], officer)
    given = {answers[0]: ("calm",), answers[1]: ("food",), answers[2]: ()}
    counts = import_codes(item=item, given=given, file_name="c.xlsx", by=officer)
    assert counts == {"new": 1, "changed": 1, "same": 1}
    assert {one.answer: one.themes for one in counted(item).codes} == {
        0: {"calm"},
        1: {"food"},
        2: frozenset(),
    }
    event = AuditEvent.objects.get(kind="coding.imported")
    assert event.before == {"rows": {str(answers[0].row): ["food"]}}


def test_a_file_with_an_unknown_theme_stores_nothing(answers, item, officer):
    with pytest.raises(ThemeUnknown):
        import_codes(item=item, given={answers[0]: ("yard",)}, file_name="c", by=officer)
    assert not Coding.objects.exists()


# --- files that change --------------------------------------------------------------------


def test_codes_of_a_withdrawn_file_wait_for_it(answers, item, officer, parents):
    code(answers[0], item, ["food"], officer)
    withdraw_upload(upload=parents, by=officer, reason="a mistake")
    assert open_questions(item.instrument.project) == ()
    assert Coding.objects.count() == 1
    accept_upload(upload=parents, by=officer)
    assert [one.themes for one in counted(item).codes] == [{"food"}]


def test_a_row_left_out_takes_its_code_along(answers, item, officer, parents):
    code(answers[0], item, ["food"], officer)
    exclude_rows(upload=parents, rows=[answers[0].row], reason="a test", by=officer)
    assert counted(item).codes == ()
    assert counted(item).n_answers == len(answers) - 1


def test_codes_follow_their_words_into_a_corrected_file(demo, answers, item, officer, parents):
    """A row above is gone, one answer is reworded: the others keep their codes."""
    n_of = Counter(answer.text for answer in answers)
    answers = [answer for answer in answers if n_of[answer.text] == 1]
    for answer in answers[:4]:
        code(answer, item, ["food"], officer)
    rows = rows_of_parents()
    place = next(
        column
        for column in range(len(rows[0]))
        if rows[answers[1].row - 1][column] == answers[1].text
    )
    rows[answers[1].row - 1][place] = "Something else altogether"
    del rows[answers[0].row - 1]
    corrected = checked(demo, as_file(rows), officer)
    replace_upload(upload=corrected, earlier=parents, by=officer, reason="typing errors")
    moved = Coding.objects.filter(upload=corrected).order_by("row")
    now = {one.row: one.text for one in wave_answers(item, corrected.wave)}
    assert [now[one.row] for one in moved] == [answers[2].text, answers[3].text]
    assert moved[0].row == answers[2].row - 1
    left = Coding.objects.filter(upload=parents)
    assert sorted(one.row for one in left) == sorted(one.row for one in answers[:2])
    event = AuditEvent.objects.get(kind="upload.replaced")
    assert (event.after["codes_moved"], event.after["codes_left"]) == (2, 2)
    assert len(counted(item).codes) == 2
