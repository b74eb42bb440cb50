"""The checklist on the web: nobody sees another school's, and typed answers survive everything."""

import pytest
from django.test import Client
from django.urls import reverse

from indicators.actions.checklists import save_draft, submit_checklist
from indicators.models import Checklist, School, SchoolEvent
from indicators.vocabulary import ChecklistState, WaveState
from tests.actions.cast import World, build_world

S = ChecklistState


@pytest.fixture
def started(monkeypatch) -> list[int]:
    """The calculations sent to the background."""
    found: list[int] = []
    monkeypatch.setattr("indicators.views.run.enqueue_calculation", found.append)
    return found


@pytest.fixture
def world(db, started) -> World:
    return build_world()


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def checklist(world) -> Checklist:
    return world.checklist()


def url(name: str, *args) -> str:
    return reverse(name, args=["p", *args])


def stored(checklist) -> Checklist:
    return Checklist.objects.get(pk=checklist.pk)


READERS = [("olga", 200), ("dina", 200), ("bek", 404), ("donna", 403), ("adam", 403), ("sam", 404)]


@pytest.mark.parametrize(("who", "status"), READERS)
def test_who_may_read_and_fill(client, world, checklist, who, status):
    client.force_login(world.person(who))
    page = url("checklist-detail", checklist.pk)
    assert client.get(page).status_code == status
    answer = client.post(page, {"do": "save", "revision": "1", "a-d_boards": "2"})
    assert answer.status_code == (302 if status == 200 else status)
    assert stored(checklist).answers == ({"d_boards": 2} if status == 200 else {})


REVIEWERS = [
    ("olga", 302),
    ("dina", 403),
    ("bek", 403),
    ("donna", 403),
    ("adam", 403),
    ("sam", 404),
]


@pytest.mark.parametrize(("who", "status"), REVIEWERS)
@pytest.mark.parametrize("step", ["return", "approve", "reopen"])
def test_who_may_review(client, world, step, who, status):
    checklist = world.checklist(state=S.SUBMITTED)
    client.force_login(world.person(who))
    answer = client.post(url(f"checklist-{step}", checklist.pk), {"reason": "look again"})
    assert answer.status_code == status
    assert (stored(checklist).state != S.SUBMITTED) is (status == 302)


def test_the_list_shows_a_director_the_own_school_only(client, world, checklist):
    client.force_login(world.person("bek"))
    page = client.get(url("checklist-list"))
    assert [line.school_code for line in page.context["lines"]] == ["IS-02"]
    assert "IS-01" not in page.content.decode()
    client.force_login(world.person("olga"))
    lines = client.get(url("checklist-list")).context["lines"]
    assert [(line.school_code, line.state.key) for line in lines] == [
        ("IS-01", "draft"),
        ("IS-02", "none"),
    ]


@pytest.mark.parametrize(
    ("who", "status"), [("bek", 302), ("olga", 302), ("dina", 404), ("donna", 403), ("sam", 404)]
)
def test_who_may_start_a_checklist(client, world, who, status):
    client.force_login(world.person(who))
    answer = client.post(url("checklist-start"), {"school": "IS-02", "wave": "W1"})
    assert answer.status_code == status
    assert Checklist.objects.exists() is (status == 302)


@pytest.mark.parametrize(
    "form", [{}, {"school": "IS-02"}, {"school": "IS-02", "wave": "W9"}, {"school": "x\x00"}]
)
def test_starting_nothing_known_is_not_found(client, world, form):
    client.force_login(world.person("olga"))
    assert client.post(url("checklist-start"), form).status_code == 404


def test_typed_answers_are_shown_again_when_one_does_not_fit(client, world, checklist):
    client.force_login(world.person("dina"))
    page = client.post(
        url("checklist-detail", checklist.pk),
        {
            "do": "send",
            "revision": "1",
            "a-d_boards": "2",
            "a-d_plan": "99",
            "a-d_labs_open": "physics, chemistry",
            "a-d_date": "yesterday",
            "c-d_boards": "one is broken",
        },
    )
    assert page.status_code == 422
    text = page.content.decode()
    assert "physics, chemistry" in text
    assert "one is broken" in text
    assert 'value="yesterday"' in text
    assert 'id="a-d_boards-2" name="a-d_boards" value="2" checked' in text
    assert text.count('class="error"') == 2
    assert stored(checklist).answers == {}


def test_an_incomplete_checklist_is_saved_and_the_sending_confirmed(client, world, checklist):
    client.force_login(world.person("dina"))
    page = url("checklist-detail", checklist.pk)
    answer = client.post(page, {"do": "send", "revision": "1", "a-d_boards": "2"})
    assert answer.context["ask_to_confirm"]
    assert "1 of 4" in answer.content.decode()
    assert (stored(checklist).answers, stored(checklist).state) == ({"d_boards": 2}, S.DRAFT)
    again = {"do": "send", "revision": "2", "a-d_boards": "2", "confirm": "yes"}
    assert client.post(page, again).status_code == 302
    assert stored(checklist).state == S.SUBMITTED
    client.force_login(world.person("olga"))
    (line, _other) = client.get(url("checklist-list")).context["lines"]
    assert (line.state.key, line.is_incomplete) == ("submitted", True)


def test_two_devices(client, world, checklist):
    """The second sees what differs, keeps its text, and can save on top."""
    save_draft(
        checklist=checklist,
        answers={"d_boards": 1},
        comments={},
        revision=1,
        by=world.person("dina"),
    )
    client.force_login(world.person("dina"))
    page = url("checklist-detail", checklist.pk)
    mine = {"do": "save", "revision": "1", "a-d_boards": "2", "a-d_labs_open": "two rooms"}
    answer = client.post(page, mine)
    assert answer.status_code == 409
    assert "two rooms" in answer.content.decode()
    found = {d.label: (d.mine, d.stored) for d in answer.context["conflict"]}
    assert found["Question d_boards"] == ("plan: approved", "plan: draft")
    assert stored(checklist).answers == {"d_boards": 1}
    revision = answer.context["sheet"].revision
    assert client.post(page, mine | {"revision": str(revision)}).status_code == 302
    assert stored(checklist).answers == {"d_boards": 2, "d_labs_open": "two rooms"}


def test_sent_from_another_device_meanwhile(client, world, checklist):
    submit_checklist(
        checklist=checklist, revision=1, by=world.person("dina"), confirm_incomplete=True
    )
    client.force_login(world.person("dina"))
    answer = client.post(
        url("checklist-detail", checklist.pk),
        {"do": "save", "revision": "1", "a-d_labs_open": "two rooms"},
    )
    assert answer.status_code == 409
    assert "two rooms" in answer.content.decode()
    assert stored(checklist).answers == {}


@pytest.mark.parametrize(
    "bad",
    [
        {"revision": ""},
        {"revision": "x"},
        {"revision": "²"},
        {"revision": "9" * 30},
        {"a-d_boards": ["1", "x"]},
        {"a-d_boards": "1e400"},
        {"a-d_labs_open": "x" * 6000},
        {"a-d_labs_open": "zero\x00byte"},
        {"c-d_boards": "zero\x00byte"},
        {"do": "destroy"},
    ],
)
def test_bad_input_never_breaks_the_page(client, world, checklist, bad):
    client.force_login(world.person("dina"))
    form = {"do": "save", "revision": "1", "a-d_plan": "1"} | bad
    answer = client.post(url("checklist-detail", checklist.pk), form)
    assert answer.status_code in (200, 302, 409, 422)
    assert "\x00" not in str(stored(checklist).answers) + str(stored(checklist).comments)


def test_last_time_is_shown_beside_the_question(client, world, checklist):
    Checklist.objects.create(
        school=world.schools[0], wave=world.baseline, version=world.version, answers={"d_plan": 1}
    )
    client.force_login(world.person("dina"))
    assert (
        "last time: plan: draft"
        in client.get(url("checklist-detail", checklist.pk)).content.decode()
    )


def test_a_merged_school_sees_the_answers_of_the_one_it_continues(client, world):
    school = School.objects.create(
        project=world.project, code="IS-24", continues=world.schools[0], name_en="Merged"
    )
    Checklist.objects.create(
        school=world.schools[0], wave=world.baseline, version=world.version, answers={"d_plan": 2}
    )
    checklist = Checklist.objects.create(school=school, wave=world.endline, version=world.version)
    client.force_login(world.person("olga"))
    text = client.get(url("checklist-detail", checklist.pk)).content.decode()
    assert "last time: plan: approved" in text


def test_merged_and_closed_schools_owe_nothing(client, world):
    School.objects.create(
        project=world.project, code="IS-24", continues=world.schools[0], name_en="Merged"
    )
    SchoolEvent.objects.create(
        school=world.schools[1], kind="closed", happened_on=world.endline.field_start.replace(day=1)
    )
    client.force_login(world.person("olga"))
    endline = client.get(url("checklist-list")).context["lines"]
    assert [line.school_code for line in endline] == ["IS-24"]
    Checklist.objects.create(school=world.schools[0], wave=world.baseline, version=world.version)
    baseline = client.get(url("checklist-list"), {"wave": "W0"}).context["lines"]
    assert [line.school_code for line in baseline] == ["IS-01", "IS-02"]


def test_a_closed_wave_can_be_read(client, world, checklist):
    world.endline.state = WaveState.LOCKED
    world.endline.save()
    client.force_login(world.person("dina"))
    page = client.get(url("checklist-detail", checklist.pk))
    assert not page.context["may_fill"]
    assert '<form method="post" id="checklist"' not in page.content.decode()
    assert client.get(url("checklist-list")).status_code == 200


def test_what_the_team_fills_in_is_told(client, world, checklist):
    client.force_login(world.person("olga"))
    page = url("checklist-detail", checklist.pk)
    client.post(page, {"do": "save", "revision": "1", "a-d_boards": "1"})
    assert client.get(page).context["steps"][0].what == "saved by the project team for the school"


def test_a_calculation_is_asked_for_when_what_counts_changes(client, world, started):
    checklist = world.checklist()
    client.force_login(world.person("dina"))
    page = url("checklist-detail", checklist.pk)
    client.post(page, {"do": "save", "revision": "1", "a-d_boards": "1"})
    assert not started
    client.post(page, {"do": "send", "revision": "2", "a-d_boards": "1", "confirm": "yes"})
    assert len(started) == 1
    client.force_login(world.person("olga"))
    client.post(url("checklist-approve", checklist.pk))
    assert len(started) == 1
    client.post(url("checklist-reopen", checklist.pk), {"reason": "a slip"})
    assert len(started) == 2


def test_a_review_without_reason_is_explained(client, world):
    checklist = world.checklist(state=S.SUBMITTED)
    client.force_login(world.person("olga"))
    client.post(url("checklist-return", checklist.pk), {"reason": " "})
    assert stored(checklist).state == S.SUBMITTED


def test_few_queries(client, world, checklist, django_assert_max_num_queries):
    client.force_login(world.person("olga"))
    with django_assert_max_num_queries(12):
        client.get(url("checklist-list"))
    with django_assert_max_num_queries(14):
        client.get(url("checklist-detail", checklist.pk))


def test_a_director_first_sees_the_wave_with_a_returned_checklist(client, world, checklist):
    returned = Checklist.objects.create(
        school=world.schools[0],
        wave=world.baseline,
        version=world.version,
        state=S.RETURNED,
        return_reason="look again",
    )
    for who, wave in (("dina", "W0"), ("bek", "W1"), ("olga", "W1")):
        client.force_login(world.person(who))
        assert client.get(url("checklist-list")).context["page"].wave.code == wave
    world.baseline.state = WaveState.LOCKED
    world.baseline.save()
    client.force_login(world.person("dina"))
    assert client.get(url("checklist-list")).context["page"].wave.code == "W1"
    page = client.get(url("checklist-list"), {"wave": "W0"})
    assert [line.pk for line in page.context["lines"]] == [returned.pk]


@pytest.mark.parametrize(
    ("language", "says"),
    [("ru", "Нужно не меньше половины"), ("en", "at least half are needed")],
)
def test_a_file_that_said_too_little_is_told_in_the_readers_language(
    client, world, checklist, language, says
):
    Checklist.objects.filter(pk=checklist.pk).update(state=S.RETURNED, answers={})
    client.cookies["django_language"] = language
    client.force_login(world.person("dina"))
    assert says in client.get(url("checklist-detail", checklist.pk)).content.decode()
    assert says in client.get(url("checklist-list")).content.decode()
    Checklist.objects.filter(pk=checklist.pk).update(return_reason="boards?")
    text = client.get(url("checklist-detail", checklist.pk)).content.decode()
    assert "boards?" in text
    assert says not in text


def test_no_form_no_wave(client, world):
    world.version.wave_instruments.all().delete()
    client.force_login(world.person("olga"))
    assert "No wave uses" in client.get(url("checklist-list")).content.decode()
