"""Checklists: typed answers are kept, every step is recorded, nobody overwrites anybody."""

import pytest

from indicators.actions.checklists import (
    AnswerProblem,
    BadAnswers,
    ChecklistClosed,
    IncompleteChecklist,
    ReasonMissing,
    StaleChecklist,
    approve_checklist,
    reopen_checklist,
    return_checklist,
    save_draft,
    start_checklist,
    submit_checklist,
)
from indicators.models import AuditEvent, Checklist, ChecklistEvent, InstrumentVersion
from indicators.vocabulary import ChecklistState, WaveState
from tests.actions.cast import World, build_world

S = ChecklistState


@pytest.fixture
def world(db) -> World:
    return build_world()


@pytest.fixture
def checklist(world) -> Checklist:
    return world.checklist()


def save(world, checklist, answers, comments=None, revision=1, by="dina"):
    return save_draft(
        checklist=checklist,
        answers=answers,
        comments=comments or {},
        revision=revision,
        by=world.person(by),
    )


def kinds() -> list[str]:
    return list(ChecklistEvent.objects.order_by("pk").values_list("kind", flat=True))


def test_partial_answers_are_kept_as_typed(world, checklist):
    stored = save(
        world,
        checklist,
        {"d_boards": "2", "d_plan": 0, "d_labs_open": " two rooms ", "d_updated": ""},
        {"d_boards": "one is broken ", "d_plan": " "},
    )
    assert stored.answers == {"d_boards": 2, "d_plan": 0, "d_labs_open": "two rooms"}
    assert stored.comments == {"d_boards": "one is broken"}
    assert (stored.revision, stored.state) == (2, S.DRAFT)
    assert Checklist.objects.get().answers == stored.answers


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("d_nothing", 1, AnswerProblem.UNKNOWN_ITEM),
        ("d_boards", 9, AnswerProblem.UNKNOWN_CODE),
        ("d_boards", "1.5", AnswerProblem.UNKNOWN_CODE),
        ("d_boards", True, AnswerProblem.UNKNOWN_CODE),
        ("d_boards", "many", AnswerProblem.UNKNOWN_CODE),
        ("d_boards", [1], AnswerProblem.UNKNOWN_CODE),
        ("d_boards", "inf", AnswerProblem.UNKNOWN_CODE),
        ("d_date", "31.10.2027", AnswerProblem.NOT_A_DATE),
        ("d_labs_open", "x" * 5001, AnswerProblem.TOO_LONG),
    ],
)
def test_what_does_not_fit_the_form_is_refused_and_nothing_stored(
    world, checklist, name, value, problem
):
    with pytest.raises(BadAnswers) as bad:
        save(world, checklist, {"d_plan": 1, name: value})
    assert bad.value.problems == {name: problem}
    checklist.refresh_from_db()
    assert (checklist.answers, checklist.revision) == ({}, 1)


def test_comments_belong_to_questions(world, checklist):
    with pytest.raises(BadAnswers):
        save(world, checklist, {}, {"d_nothing": "?"})


def test_saving_records_only_what_changed(world, checklist):
    save(world, checklist, {"d_boards": 2, "d_plan": 1})
    save(world, checklist, {"d_boards": 2, "d_plan": 2}, revision=2)
    event = AuditEvent.objects.first()
    assert event.kind == "checklist.saved"
    assert event.before["answers"] == {"d_plan": 1}
    assert event.after["answers"] == {"d_plan": 2}
    save(world, checklist, {"d_boards": 2, "d_plan": 2}, revision=3)
    assert kinds() == ["saved", "saved"]


def test_answers_from_a_file_that_the_form_does_not_ask_stay(world, checklist):
    checklist.answers = {"d_old_question": 3, "d_plan": 1}
    checklist.save()
    assert save(world, checklist, {}).answers == {"d_old_question": 3}


def test_a_second_device_does_not_overwrite_the_first(world, checklist):
    save(world, checklist, {"d_boards": 2})
    with pytest.raises(StaleChecklist) as stale:
        save(world, checklist, {"d_boards": 1, "d_plan": 1}, revision=1)
    assert stale.value.answers == {"d_boards": 1, "d_plan": 1}
    assert stale.value.stored.answers == {"d_boards": 2}
    # The same answers again, as after a lost connection, are no conflict.
    assert save(world, checklist, {"d_boards": 2}, revision=1).revision == 2


def test_the_whole_way_there_and_back(world, checklist):
    olga, dina = world.person("olga"), world.person("dina")
    save(world, checklist, {"d_boards": 2, "d_plan": 1})
    sent = submit_checklist(checklist=checklist, revision=2, by=dina)
    assert (sent.state, sent.filled_by) == (S.SUBMITTED, "Dina")
    assert sent.submitted_at
    assert sent.filled_on
    with pytest.raises(ChecklistClosed):
        save(world, checklist, {"d_boards": 1}, revision=3)
    with pytest.raises(ReasonMissing):
        return_checklist(checklist=checklist, reason=" ", by=olga)
    returned = return_checklist(checklist=checklist, reason="boards?", by=olga)
    assert (returned.state, returned.return_reason) == (S.RETURNED, "boards?")
    saved = save(world, checklist, {"d_boards": 1, "d_plan": 1}, revision=returned.revision)
    sent = submit_checklist(checklist=checklist, revision=saved.revision, by=dina)
    assert sent.return_reason == ""
    assert approve_checklist(checklist=checklist, by=olga).state == S.APPROVED
    with pytest.raises(ReasonMissing):
        reopen_checklist(checklist=checklist, reason="", by=olga)
    assert reopen_checklist(checklist=checklist, reason="typing error", by=olga).state == S.DRAFT
    steps = ["saved", "sent", "returned", "saved", "sent", "approved", "reopened"]
    assert kinds() == steps
    recorded = AuditEvent.objects.order_by("pk").values_list("kind", flat=True)
    assert list(recorded) == [f"checklist.{step}" for step in steps]
    assert ChecklistEvent.objects.get(kind="reopened").comment == "typing error"


def test_an_incomplete_checklist_goes_only_when_confirmed(world, checklist):
    save(world, checklist, {"d_boards": 2, "d_labs_open": "none"})
    dina = world.person("dina")
    with pytest.raises(IncompleteChecklist) as incomplete:
        submit_checklist(checklist=checklist, revision=2, by=dina)
    assert (incomplete.value.answered, incomplete.value.scored) == (1, 4)
    sent = submit_checklist(checklist=checklist, revision=2, by=dina, confirm_incomplete=True)
    assert sent.state == S.SUBMITTED
    assert kinds()[-1] == "sent_incomplete"


def test_what_the_team_fills_in_for_a_school_is_marked(world, checklist):
    save(world, checklist, {"d_boards": 2}, by="olga")
    submit_checklist(
        checklist=checklist, revision=2, by=world.person("olga"), confirm_incomplete=True
    )
    assert kinds() == ["saved_for", "sent_incomplete_for"]


@pytest.mark.parametrize("state", [WaveState.PLANNED, WaveState.LOCKED, WaveState.PUBLISHED])
def test_nothing_moves_when_the_wave_is_not_open(world, checklist, state):
    world.endline.state = state
    world.endline.save()
    with pytest.raises(ChecklistClosed):
        save(world, checklist, {"d_boards": 2})
    with pytest.raises(ChecklistClosed):
        submit_checklist(checklist=checklist, revision=1, by=world.person("dina"))
    with pytest.raises(ChecklistClosed):
        start_checklist(
            school=world.schools[1],
            wave=world.endline,
            version=world.version,
            by=world.person("bek"),
        )


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        (S.DRAFT, set()),
        (S.SUBMITTED, {"return", "approve", "reopen"}),
        (S.RETURNED, set()),
        (S.APPROVED, {"reopen"}),
    ],
)
def test_each_step_from_its_state_only(world, state, allowed):
    olga = world.person("olga")
    steps = {
        "return": lambda c: return_checklist(checklist=c, reason="why", by=olga),
        "approve": lambda c: approve_checklist(checklist=c, by=olga),
        "reopen": lambda c: reopen_checklist(checklist=c, reason="why", by=olga),
    }
    for name, step in steps.items():
        Checklist.objects.all().delete()
        checklist = world.checklist(state=state)
        if name in allowed:
            assert step(checklist).state != state
        else:
            with pytest.raises(ChecklistClosed):
                step(checklist)


def test_starting_twice_gives_the_same_checklist(world):
    arguments = {
        "school": world.schools[0],
        "wave": world.endline,
        "version": world.version,
        "by": world.person("dina"),
    }
    assert start_checklist(**arguments) == start_checklist(**arguments)
    assert kinds() == ["started"]


def test_a_checklist_is_started_with_the_directors_form_of_its_wave(world):
    other = InstrumentVersion.objects.create(instrument=world.version.instrument, version="2")
    with pytest.raises(ChecklistClosed):
        start_checklist(
            school=world.schools[0],
            wave=world.endline,
            version=other,
            by=world.person("dina"),
        )
