"""The agenda: questions, evidence, conclusions that cite figures."""

import pytest
from django.utils import timezone

from indicators.models import AgendaQuestion, AuditEvent, Estimate, Indicator, Note
from tests.web.agenda import ANSWER, agenda_of
from tests.web.factories import build_world, member

pytestmark = pytest.mark.django_db
LIST, ONE = "/p/demo/agenda/", "/p/demo/agenda/questions/E03/"


@pytest.fixture(autouse=True)
def in_english(client):
    client.cookies["django_language"] = "en"


@pytest.fixture
def world():
    return build_world()


@pytest.fixture
def officer(client, world):
    agenda_of(world)
    client.force_login(member(world, "officer"))
    return client


def posted(**changed):
    values = {
        "status": "answered",
        "conclusion_en": "It rose to {S01.endline}.",
        "indicators": "S01, S08",
        "question_en": "Question E03?",
        "revision": "1",
    }
    return values | changed


def text_of(response):
    return response.content.decode()


def test_the_list_shows_questions_evidence_and_conclusions(officer):
    page = text_of(officer.get(LIST))
    assert "Question E01?" in page
    assert "evidence there" in page
    assert "no indicator linked yet" in page
    assert "Climate rose from" in page
    assert 'href="/p/demo/indicators/S01/"' in page
    assert "2 indicators: increased 1, no clear change 1" in page
    assert "(2)" in page  # answered


def test_the_list_is_narrowed_to_open_questions(officer):
    page = text_of(officer.get(LIST, {"status": "open"}))
    assert "Question E03?" in page
    assert "Question E01?" not in page
    assert "Question E01?" in text_of(officer.get(LIST, {"status": "nonsense"}))


def test_an_empty_agenda_says_what_to_do(client, world):
    client.force_login(member(world, "officer"))
    assert "Add the questions" in text_of(client.get(LIST))
    client.force_login(member(world, "donor"))
    assert "as soon as the M" in text_of(client.get(LIST))


def test_before_any_release_a_donor_reads_questions_without_evidence(client):
    world = build_world(is_published=False)
    agenda_of(world)
    client.force_login(member(world, "donor"))
    page = text_of(client.get(LIST))
    assert "Question E01?" in page
    assert "no data yet" in page
    assert "4.18" not in page


@pytest.mark.parametrize(
    ("role", "marked", "n"),
    [("donor", False, 0), ("donor", True, 1), ("officer", False, 2)],
)
def test_notes_that_readers_do_not_see_are_not_counted_for_them(client, world, role, marked, n):
    agenda_of(world)
    Note.objects.update(is_publishable=marked)
    Note.objects.create(
        wave=world.waves[1],
        indicator=world.indicators["S01"],
        code="Q02",
        quote="Typed here.",
        typed_at=timezone.now(),
    )
    client.force_login(member(world, role))
    page = text_of(client.get("/p/demo/agenda/questions/E01/"))
    found = {0: False, 1: "S01: 1 note<", 2: "S01: 2 notes<"}[n]
    assert (found in page) if found else ("#quotes" not in page)


def test_donors_read_public_conclusions_only(client, world):
    agenda_of(world)
    client.force_login(member(world, "donor"))
    assert "Climate rose" in text_of(client.get(LIST))
    second = text_of(client.get("/p/demo/agenda/questions/E02/"))
    assert "The gap is" not in second
    assert "No conclusion has been published" in second


def test_a_missing_indicator_value_makes_the_evidence_partial(officer, world):
    measure = world.indicators["S08"].measure
    Estimate.objects.filter(measure=measure, scope="project", wave=world.waves[1]).update(
        value=None
    )
    assert "part of the evidence there" in text_of(officer.get("/p/demo/agenda/questions/E01/"))


def test_a_conclusion_is_stored_with_its_audit_row(officer, world):
    answer = officer.post(ONE + "change/", posted(is_public="on"))
    assert answer.status_code == 302
    stored = AgendaQuestion.objects.get(code="E03")
    assert (stored.status, stored.is_public, stored.revision) == ("answered", True, 2)
    assert sorted(stored.indicators.values_list("code", flat=True)) == ["S01", "S08"]
    event = AuditEvent.objects.get(kind="agenda.changed")
    assert event.before["status"] == "open"
    assert event.after["conclusion_en"] == "It rose to {S01.endline}."
    page = text_of(officer.get(ONE))
    assert "It rose to <a" in page
    assert "{S01" not in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"conclusion_en": ""}, "needs a conclusion in at least one language"),
        ({"conclusion_en": "It rose."}, "cites no figure"),
        ({"conclusion_ky": "Өстү."}, "cites no figure"),  # one language only has it
        ({"conclusion_en": "a\nto {S99.endline}"}, "Line 2, character 4: {S99.endline}."),
        ({"conclusion_en": "{S99.endline}"}, "S99 is not an indicator of this project."),
        ({"conclusion_en": "{s01.endline}"}, "Did you mean {S01.endline}?"),
        ({"conclusion_en": "{S01@W9}"}, "W9 is not a wave of this project."),
        ({"conclusion_en": "{S01.gap}"}, "S01 is not a gap between two answers."),
        ({"conclusion_en": "{S01.mean}"}, "{S01.mean} is no reference."),
        ({"conclusion_en": "{IS-99/S01.endline}"}, "IS-99 is not a school of this project."),
        ({"conclusion_en": "{S08.gap.sex}"}, "There is no gap by “sex” for this indicator."),
        ({"conclusion_en": "{IS-01/S01.gap.sex}"}, "Did you mean {S01.gap.sex}?"),
        ({"conclusion_en": "{S01.endline@IS-01}"}, "Did you mean {IS-01/S01.endline}?"),
        ({"conclusion_en": "{S01@W7.target}"}, "Did you mean {S01@W1.target}?"),
        ({"indicators": "S01 ZZ"}, "Not an indicator of this project: ZZ."),
        ({"question_en": ""}, "Write the question in at least one language."),
        ({"status": "unanswerable", "conclusion_en": ""}, "needs a conclusion"),
    ],
)
def test_what_cannot_stand_is_refused_and_kept_as_typed(officer, changed, said):
    answer = officer.post(ONE + "change/", posted(**changed))
    assert answer.status_code == 200
    page = text_of(answer)
    assert said in page
    for typed in changed.values():
        assert typed.splitlines()[-1] in page if typed else True
    assert AgendaQuestion.objects.get(code="E03").status == "open"


@pytest.mark.parametrize(
    "changed",
    [
        {"conclusion_en": "It rose.", "no_figure_reason": "Only interviews speak of it."},
        {"status": "unanswerable", "conclusion_en": "", "no_figure_reason": "Never asked."},
        {"status": "unanswerable", "conclusion_en": "Nobody asked."},
        {"status": "open", "conclusion_en": "A draft."},
    ],
)
def test_a_reason_may_stand_in_place_of_a_figure(officer, changed):
    assert officer.post(ONE + "change/", posted(**changed)).status_code == 302


def test_two_officers_lose_nothing(officer):
    officer.post(ONE + "change/", posted())
    answer = officer.post(ONE + "change/", posted(conclusion_en="Mine: {S01.change}."))
    assert answer.status_code == 409
    page = text_of(answer)
    assert "It rose to {S01.endline}." in page
    assert "Mine: {S01.change}." in page
    assert 'name="revision" value="2"' in page
    again = posted(conclusion_en="Mine: {S01.change}.", revision="2")
    assert officer.post(ONE + "change/", again).status_code == 302
    assert AgendaQuestion.objects.get(code="E03").conclusion_en == "Mine: {S01.change}."


def test_a_preview_stores_nothing(officer):
    page = text_of(officer.post(ONE + "change/", posted(preview="1")))
    assert "How it reads" in page
    assert "It rose to <a" in page
    assert AgendaQuestion.objects.get(code="E03").status == "open"
    wrong = posted(preview="1", conclusion_en="{S01@W9} {S08.gap}")
    page = text_of(officer.post(ONE + "change/", wrong))
    assert "W9 is not a wave of this project." in page
    assert "S08 is not a gap between two answers." in page


def test_a_number_typed_by_hand_is_pointed_at(officer):
    typed = posted(conclusion_en="It rose to 4.18, {S01.change}, or by 77.7 %.")
    answer = officer.post(ONE + "change/", typed, follow=True)
    page = text_of(answer)
    assert "“4.18” is typed by hand. These references print it: {S01.endline}." in page
    assert "“77.7 %” is typed by hand, and no figure prints this number now." in page
    assert AgendaQuestion.objects.get(code="E03").status == "answered"


def test_a_new_question_gets_the_next_code(officer):
    page = text_of(officer.get(LIST + "new/"))
    assert 'value="E04"' in page
    answer = officer.post(LIST + "new/", posted(code="E04", status="open"))
    assert answer["Location"] == "/p/demo/agenda/questions/E04/"
    assert AuditEvent.objects.filter(kind="agenda.created").count() == 1
    page = text_of(officer.post(LIST + "new/", posted(code="E04", status="open")))
    assert "a question with this code already" in page
    page = text_of(officer.post(LIST + "new/", posted(code="E 5", status="open")))
    assert "Letters, digits, hyphens only" in page
    wrong = posted(code="E05", conclusion_en="{S99.endline}")
    assert "S99 is not an indicator" in text_of(officer.post(LIST + "new/", wrong))


def test_an_indicator_that_is_gone_leaves_a_gap_that_is_seen(officer, world):
    AgendaQuestion.objects.filter(code="E01").update(conclusion_en=ANSWER + " {S08.endline}")
    Indicator.objects.filter(code="S08").update(code="S80")
    page = text_of(officer.get(LIST))
    assert '<mark class="cited-lost"' in page
    assert "{S08.endline}" in page


def test_the_list_of_references_is_a_plain_table(officer):
    page = text_of(officer.get(ONE + "change/"))
    assert "What can I cite?" in page
    assert "<code data-cite>{S01.endline}</code>" in page
    assert "<code data-cite>{S01.gap.sex.change}</code>" in page
    assert "{IS-03/S01.endline}" in page  # in the list of forms
    assert "4.18" in page


def test_typed_markup_stays_text(officer):
    officer.post(ONE + "change/", posted(conclusion_en="<b>x</b> {S01.endline}\n\nSecond"))
    page = text_of(officer.get(ONE))
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "<p>Second</p>" in page


def test_a_figure_of_a_school_is_saved_and_read_by_those_who_may(officer, client, world):
    text = "In School 001 it is {IS-01/S01.endline}, girls and boys differ by {S01.gap.sex}."
    answer = officer.post(ONE + "change/", posted(conclusion_en=text, is_public="on"))
    assert answer.status_code == 302
    assert 'href="/p/demo/schools/IS-01/"' in text_of(officer.get(ONE))
    client.force_login(member(world, "director", world.school(1)))
    assert 'href="/p/demo/schools/IS-01/"' in text_of(client.get(ONE))
    client.force_login(member(world, "director", world.school(3)))
    page = text_of(client.get(ONE)).split('<div class="conclusion">')[1].split("</div>")[0]
    assert "not shown" in page
    assert "4.19" not in page
    assert "+0.12" in page


# --- removing and moving ----------------------------------------------------------------


def order_of(page):
    return sorted(("E01", "E02", "E03"), key=lambda code: page.index(f'id="q-{code}"'))


def test_a_question_is_removed_with_a_reason_and_its_words_are_kept(officer):
    url = "/p/demo/agenda/questions/E01/remove/"
    page = text_of(officer.get(url))
    assert "Climate rose from {S01.baseline}" in page
    assert "<code>{S01@W1}</code>" in page
    assert "It disappears for them at once." in page
    assert url in text_of(officer.get("/p/demo/agenda/questions/E01/change/"))
    assert officer.post(url, {"reason": " ", "revision": "1"}).status_code == 200
    assert AgendaQuestion.objects.filter(code="E01").exists()
    answer = officer.post(url, {"reason": "asked twice", "revision": "1"})
    assert answer["Location"] == LIST
    assert not AgendaQuestion.objects.filter(code="E01").exists()
    event = AuditEvent.objects.get(kind="agenda.removed")
    assert (event.object_label, event.reason) == ("E01", "asked twice")
    assert event.before["conclusion_en"] == ANSWER
    assert event.before["indicators"] == ["S01", "S08"]


def test_what_was_not_looked_at_is_not_removed(officer):
    officer.post(ONE + "change/", posted())
    answer = officer.post(ONE + "remove/", {"reason": "old", "revision": "1"})
    assert answer.status_code == 409
    page = text_of(answer)
    assert "Somebody changed this meanwhile." in page
    assert "It rose to {S01.endline}." in page
    assert "old" in page
    assert AgendaQuestion.objects.filter(code="E03").exists()
    assert officer.post(ONE + "remove/", {"reason": "old", "revision": "2"}).status_code == 302


def test_questions_change_places_by_plain_buttons(officer):
    move = "/p/demo/agenda/questions/E03/move/"
    assert order_of(text_of(officer.get(LIST))) == ["E01", "E02", "E03"]
    assert officer.post(move, {"step": "up"})["Location"] == LIST + "#q-E03"
    assert order_of(text_of(officer.get(LIST))) == ["E01", "E03", "E02"]
    officer.post(move, {"step": "up"})
    officer.post(move, {"step": "up"})  # the first stays where it is
    page = text_of(officer.get(LIST))
    assert order_of(page) == ["E03", "E01", "E02"]
    assert page.count(" disabled>") == 2
    officer.post("/p/demo/agenda/questions/E01/move/", {"step": "down"})
    assert order_of(text_of(officer.get(LIST))) == ["E03", "E02", "E01"]
    events = AuditEvent.objects.filter(kind="agenda.moved").order_by("pk")
    assert [(one.before["position"], one.after["position"]) for one in events] == [
        (3, 2),
        (2, 1),
        (2, 3),
    ]
    assert officer.post(move, {"step": "sideways"}).status_code == 404
    # A part of the agenda has no neighbours to change with.
    assert "/move/" not in text_of(officer.get(LIST, {"status": "open"}))


def test_places_taken_twice_are_numbered_anew(officer):
    AgendaQuestion.objects.update(position=7)
    officer.post("/p/demo/agenda/questions/E02/move/", {"step": "up"})
    assert list(AgendaQuestion.objects.values_list("code", "position")) == [
        ("E02", 0),
        ("E01", 1),
        ("E03", 2),
    ]


def test_only_officers_see_how_to_move_and_remove(client, world):
    agenda_of(world)
    client.force_login(member(world, "donor"))
    page = text_of(client.get(LIST))
    assert "/move/" not in page
    assert "/remove/" not in page


def test_figures_of_a_school_that_is_named_are_listed(officer):
    assert "Figures of IS-02" not in text_of(officer.get(ONE + "change/"))
    typed = posted(preview="1", conclusion_en="In one school {IS-02/S01.endline}, or 3.70.")
    page = text_of(officer.post(ONE + "change/", typed))
    assert "Figures of IS-02 and what they print now" in page
    assert "<code data-cite>{IS-02/T03.change}</code>" in page
    assert "{IS-02/D04.endline}" not in page  # the school has no such figure
    assert "“3.70” is typed by hand" in page
