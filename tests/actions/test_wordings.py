"""Decisions about reworded questions and links between questions."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from indicators.actions.wordings import (
    StaleDecision,
    WordingRefusal,
    WordingRefused,
    decide_wordings,
    link_question,
    unlink_question,
)
from indicators.models import (
    AnswerColumn,
    AuditEvent,
    Checklist,
    Dataset,
    Instrument,
    Item,
    ItemVersion,
    Measure,
    Upload,
    Wave,
    WordingDecision,
)
from indicators.queries.answers import answers_of
from indicators.queries.calculation import calculation_inputs
from indicators.queries.specs import definitions
from indicators.queries.wording import comparable_items, version_pairs
from indicators.vocabulary import GAP_MEASURES, Comparability
from tests.actions.wording_cases import new_question, second_version
from tests.web.factories import build_world, member

pytestmark = pytest.mark.django_db
TEACHER = "teacher"


@pytest.fixture
def world(db: None) -> Any:
    world = build_world()
    asked = ItemVersion.objects.get(version__instrument__code=TEACHER)
    for name in ("t_heard", "t_respected", "t_trained"):
        new_question(asked.version, asked, name, "")
    both = {"item": asked.item, "second_item": Item.objects.get(name="t_heard")}
    Measure.objects.filter(kind__in=GAP_MEASURES).update(**both)
    for question in ItemVersion.objects.all():
        question.label_en = f"Question {question.name_in_version} of the form"
        question.save()
    return world


@pytest.fixture
def officer(world: Any) -> Any:
    return member(world, "officer")


@pytest.fixture
def teachers(world: Any) -> Instrument:
    return Instrument.objects.get(project=world.project, code=TEACHER)


@pytest.fixture
def names(teachers: Instrument) -> list[str]:
    """Questions of the teachers' form; the first two are reworded in the tests."""
    found = ItemVersion.objects.filter(version__instrument=teachers)
    return list(found.order_by("name_in_version").values_list("name_in_version", flat=True))


@pytest.fixture
def reworded(world: Any, teachers: Instrument, names: list[str]) -> list[ItemVersion]:
    """The wordings of the second version: two changed, one only typed differently."""
    version = second_version(
        teachers,
        world.waves[1],
        {
            names[0]: {"label_en": "Something else is asked"},
            names[1]: {"label_en": "Another thing is asked"},
            names[2]: {"label_en": f"question  “{names[2]}” of the form."},
        },
    )
    return [version.item_versions.get(name_in_version=name) for name in names[:3]]


def decide(world: Any, seen: dict[int, int], officer: Any, **fields: Any) -> int:
    fields = {"is_comparable": True, "reason": "Piloted."} | fields
    return decide_wordings(project=world.project, seen=seen, by=officer, **fields)


def statuses(world: Any) -> dict[str, Comparability]:
    (pair,) = version_pairs(world.project)
    return {row.compared.name: row.status for row in pair.rows}


def test_real_changes_wait_and_trivial_ones_count(world, reworded, names):
    found = statuses(world)
    assert [found[name] for name in names[:3]] == [
        Comparability.UNDECIDED,
        Comparability.UNDECIDED,
        Comparability.COMPARABLE,
    ]
    kept = {name for code, name in comparable_items(world.project) if code == TEACHER}
    assert kept == set(names[2:])


def test_several_questions_are_decided_at_once(world, reworded, names, officer):
    first, second = reworded[:2]
    assert decide(world, {first.pk: 0, second.pk: 0}, officer, reason=" Piloted. ") == 2
    for row in WordingDecision.objects.all():
        assert (row.is_comparable, row.reason) == (True, "Piloted.")
        assert (row.decided_by, row.is_from_file) == (officer, False)
    kept = {name for code, name in comparable_items(world.project) if code == TEACHER}
    assert kept == set(names)
    event = AuditEvent.objects.filter(kind="wording.decided", object_id=str(first.pk)).get()
    assert (event.by, event.reason, event.before) == (officer, "Piloted.", {})
    assert event.after["comparable"] is True
    assert event.after["new"][2] == "Something else is asked"


def test_a_decision_is_replaced_and_the_earlier_one_stays(world, reworded, names, officer):
    (question, *_rest) = reworded
    decide(world, {question.pk: 0}, officer)
    first = WordingDecision.objects.get()
    decide(world, {question.pk: first.pk}, officer, is_comparable=False, reason="It lifts answers.")
    assert statuses(world)[names[0]] is Comparability.NOT_COMPARABLE
    (pair,) = version_pairs(world.project)
    row = next(row for row in pair.rows if row.question == question.pk)
    assert [one.reason for one in row.decisions] == ["It lifts answers.", "Piloted."]
    event = AuditEvent.objects.filter(kind="wording.decided").order_by("id").last()
    assert event.before == {"comparable": True, "reason": "Piloted."}


def test_a_trivial_difference_can_be_called_not_comparable(world, reworded, names, officer):
    decide(world, {reworded[2].pk: 0}, officer, is_comparable=False, reason="Shown in capitals.")
    assert statuses(world)[names[2]] is Comparability.NOT_COMPARABLE


def test_two_officers_do_not_overwrite_one_another(world, reworded, officer):
    first, second = reworded[:2]
    decide(world, {first.pk: 0}, officer)
    other = member(world, "officer", name="other")
    with pytest.raises(StaleDecision):
        decide(world, {first.pk: 0, second.pk: 0}, other, is_comparable=False, reason="No.")
    assert WordingDecision.objects.count() == 1


def test_the_same_form_sent_twice_is_kept_once(world, reworded, officer):
    seen = {reworded[0].pk: 0}
    assert decide(world, seen, officer) == 1
    assert decide(world, seen, officer) == 0
    assert WordingDecision.objects.count() == 1
    other = member(world, "officer", name="other")
    with pytest.raises(StaleDecision):  # another person: not the same decision
        decide(world, seen, other)


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_decision_needs_a_reason(world, reworded, officer, reason):
    with pytest.raises(WordingRefused) as refused:
        decide(world, {reworded[0].pk: 0}, officer, reason=reason)
    assert refused.value.reason is WordingRefusal.NO_REASON
    with pytest.raises(IntegrityError), transaction.atomic():
        reworded[0].decisions.create(is_comparable=True, reason="")


def test_only_questions_of_two_versions_are_decided_about(world, reworded, names, officer):
    elsewhere = build_world(code="elsewhere")
    other = Instrument.objects.get(project=elsewhere.project, code=TEACHER)
    version = second_version(other, elsewhere.waves[1], {"t_t03": {"label_en": "New"}})
    first_wording = ItemVersion.objects.get(item=reworded[0].item, version__version="2025100101")
    wrong = (first_wording.pk, version.item_versions.get().pk, 10**9)
    for seen in ({}, *({reworded[0].pk: 0, pk: 0} for pk in wrong)):
        with pytest.raises(WordingRefused) as refused:
            decide(world, seen, officer)
        assert refused.value.reason is WordingRefusal.UNKNOWN
    assert not WordingDecision.objects.exists()


def test_one_break_in_a_chain_of_versions_ends_the_series(world, teachers, names, officer):
    position = world.waves[1].position + 1
    later = Wave.objects.create(
        project=world.project,
        code="W2",
        kind="monitoring",
        position=position,
        field_start="2028-10-01",
        field_end="2028-10-30",
    )
    second = second_version(teachers, world.waves[1], {names[0]: {"label_en": "New words"}})
    later.wave_instruments.create(version=second, selection="census_schools_random_people")
    third = second_version(teachers, later, {names[0]: {"label_en": "Newer words"}})
    first, last = version_pairs(world.project)
    assert (first.new.pk, last.old.pk, last.new.pk) == (second.pk, second.pk, third.pk)
    key = (TEACHER, names[0])
    for version in (second, third):
        assert key not in comparable_items(world.project)
        decide(world, {version.item_versions.get(name_in_version=names[0]).pk: 0}, officer)
    assert key in comparable_items(world.project)


def test_one_version_everywhere_asks_for_no_wording(world, names):
    with CaptureQueriesContext(connection) as caught:
        found = comparable_items(world.project)
    assert len(caught) == 2
    assert {(TEACHER, name) for name in names} <= found
    assert version_pairs(world.project) == ()


def test_the_scale_as_printed_is_compared_where_both_versions_say_it(world, teachers, names):
    old = ItemVersion.objects.get(version__instrument=teachers, name_in_version=names[0])
    options = [{"name": "1", "code": 1, "labels": ["", "", "No"]}]
    form = {"kind": "scale", "block": "main", "limits": "", "options": options}
    old.asked = form
    old.save()
    again = [{"name": "1", "code": 1, "labels": ["", "", "Never"]}]
    second_version(teachers, world.waves[1], {names[0]: {"asked": form | {"options": again}}})
    (pair,) = version_pairs(world.project)
    row = next(row for row in pair.rows if row.compared.name == names[0])
    assert [(one.what, one.old, one.new) for one in row.compared.differences] == [
        ("labels", "No", "Never")
    ]


class TestLinks:
    @pytest.fixture
    def later(self, world: Any, teachers: Instrument, names: list[str]) -> Item:
        version = second_version(teachers, world.waves[1], {names[0]: {"gone": True}})
        like = ItemVersion.objects.get(version__instrument=teachers, name_in_version=names[0])
        return new_question(version, like, "renamed", f"Question {names[0]} of this form")

    @pytest.fixture
    def earlier(self, teachers: Instrument, names: list[str]) -> Item:
        return Item.objects.get(instrument=teachers, name=names[0])

    @staticmethod
    def link(world: Any, earlier: int, later: int, officer: Any, **fields: Any) -> Item:
        fields = {"is_comparable": True, "reason": "Renamed."} | fields
        return link_question(
            project=world.project, earlier=earlier, later=later, by=officer, **fields
        )

    def test_a_link_is_proposed_made_and_taken_back(self, world, names, earlier, later, officer):
        (pair,) = version_pairs(world.project)
        (proposed,) = pair.links()
        assert (proposed.old.name, proposed.new.name) == (names[0], "renamed")
        key = (TEACHER, names[0])
        assert key not in comparable_items(world.project)
        self.link(world, earlier.pk, later.pk, officer)
        later.refresh_from_db()
        assert later.continues == earlier
        assert key in comparable_items(world.project)
        (pair,) = version_pairs(world.project)
        assert not pair.links()
        row = next(row for row in pair.rows if row.compared.name == names[0])
        assert (row.is_linked, row.status) == (True, Comparability.COMPARABLE)
        assert definitions(world.project).links == ((TEACHER, "renamed", names[0]),)
        event = AuditEvent.objects.get(kind="question.linked")
        assert (event.after["continues"], event.reason) == (names[0], "Renamed.")

        fields = {"project": world.project, "item_pk": later.pk, "by": officer}
        assert unlink_question(reason="A mistake.", **fields)
        assert not unlink_question(reason="A mistake.", **fields)
        assert key not in comparable_items(world.project)
        assert AuditEvent.objects.get(kind="question.unlinked").reason == "A mistake."
        assert WordingDecision.objects.count() == 1  # on record, in force no longer

    def test_answers_are_found_under_both_names(self, world, earlier, later, officer):
        dataset = Dataset.objects.filter(version__instrument__code=TEACHER).first()
        codes = np.array([1, 5], dtype="<i1")
        AnswerColumn.objects.create(
            dataset=dataset,
            item=later,
            name="renamed",
            dtype="<i1",
            length=2,
            data=zlib.compress(codes.tobytes()),
            sha256="0" * 64,
        )
        assert not answers_of(dataset, [earlier.name])
        self.link(world, earlier.pk, later.pk, officer)
        found = answers_of(dataset, [earlier.name, "renamed"])
        assert {name: list(column) for name, column in found.items()} == {
            earlier.name: [1, 5],
            "renamed": [1, 5],
        }

    def test_what_cannot_be_one_question_is_refused(self, world, names, earlier, later, officer):
        stays = Item.objects.get(instrument=later.instrument, name=names[1])
        for pair in ((stays.pk, later.pk), (later.pk, earlier.pk), (earlier.pk, 10**9)):
            with pytest.raises(WordingRefused) as refused:
                self.link(world, *pair, officer)
            assert refused.value.reason is WordingRefusal.UNKNOWN
        with pytest.raises(WordingRefused) as refused:
            self.link(world, earlier.pk, later.pk, officer, reason=" ")
        assert refused.value.reason is WordingRefusal.NO_REASON
        ItemVersion.objects.filter(item=later).update(asked={"kind": "multi"})
        with pytest.raises(WordingRefused) as refused:
            self.link(world, earlier.pk, later.pk, officer)
        assert refused.value.reason is WordingRefusal.NOT_ALIKE
        assert not WordingDecision.objects.exists()

    def test_a_question_carries_on_one_question_only(self, world, names, earlier, later, officer):
        self.link(world, earlier.pk, later.pk, officer)
        version = later.versions.get().version
        twin = new_question(version, later.versions.get(), "twin", "The same again")
        with pytest.raises(WordingRefused) as refused:
            self.link(world, earlier.pk, twin.pk, officer)  # no longer gone: it is continued
        assert refused.value.reason is WordingRefusal.UNKNOWN
        with pytest.raises(IntegrityError), transaction.atomic():
            Item.objects.filter(pk=twin.pk).update(continues=twin.pk)

    def test_a_version_that_asks_both_keeps_them_apart(
        self, world, teachers, names, earlier, later, officer
    ):
        """Asked at baseline as well, the new question is another one."""
        wave = Wave.objects.create(
            project=world.project,
            code="W2",
            kind="monitoring",
            position=world.waves[1].position + 1,
            field_start="2028-10-01",
            field_end="2028-10-30",
        )
        version = teachers.versions.create(version="third")
        for item in (earlier, later):
            ItemVersion.objects.create(item=item, version=version, name_in_version=item.name)
        wave.wave_instruments.create(version=version, selection="census_schools_random_people")
        with pytest.raises(WordingRefused) as refused:
            self.link(world, earlier.pk, later.pk, officer)
        assert refused.value.reason is WordingRefusal.LINKED

    def test_checklists_answer_under_both_names(self, world, officer):
        directors = Instrument.objects.get(project=world.project, code="director")
        like = ItemVersion.objects.filter(version__instrument=directors, item__kind="scale").first()
        name = like.name_in_version
        version = second_version(directors, world.waves[1], {name: {"gone": True}})
        renamed = new_question(version, like, "renamed", "Asked in other words")
        Checklist.objects.filter(wave=world.waves[1]).delete()
        Upload.objects.update(state="withdrawn")  # the made-up files have no answers
        answers = dict.fromkeys(version.item_versions.values_list("name_in_version", flat=True), 2)
        Checklist.objects.create(
            school=world.school(1),
            wave=world.waves[1],
            version=version,
            state="approved",
            answers=answers | {"renamed": 4},
        )

        def loaded() -> Any:
            inputs, _names = calculation_inputs(world.project)
            one = next(
                one for one in inputs.answers if (one.wave, one.instrument) == ("W1", "director")
            )
            return {key: list(codes) for key, codes in one.load([name, "renamed"]).items()}

        assert loaded() == {"renamed": [4]}
        self.link(world, like.item.pk, renamed.pk, officer)
        assert loaded() == {name: [4], "renamed": [4]}
