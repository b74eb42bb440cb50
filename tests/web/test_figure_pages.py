"""Figures of a printed report, pasted: what does not agree is listed, nothing of it is kept."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import AuditEvent, Estimate, Run
from tests.web.factories import build_world, member
from tests.web.test_pages import check_soundness, text_of

pytestmark = pytest.mark.django_db

PAGE = "/p/demo/figures/"


@pytest.fixture
def officer(visit_as):
    client = visit_as("officer")
    client.cookies["django_language"] = "en"
    return client


def pasted(client, *lines):
    return client.post(PAGE, {"table": "\n".join(lines)})


def found(answer):
    """(line, what is wrong, printed, expected) of every row."""
    return [
        (one.line, one.what, one.printed, one.expected) for one in answer.context["check"].found
    ]


def unread(answer):
    return [(one.line, one.text) for one in answer.context["check"].unread]


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_page_is_sound_before_and_after(visit_as, language):
    client = visit_as("officer")
    client.cookies["django_language"] = language
    check_soundness(text_of(client, PAGE), language)
    answer = pasted(client, "S01;W0;4.5;920", "S99;W0;1")
    check_soundness(answer.content.decode(), language)


def test_figures_that_agree_are_counted(officer):
    answer = pasted(officer, "S01\tW0\t4.02\t920", "S08\tbaseline\t60.0 %\t920", "D04\tW1\t19\t23")
    assert (found(answer), unread(answer)) == ([], [])
    assert "All figures agree: 3 lines, 6 comparisons." in answer.content.decode()


def test_what_differs_stands_with_both_numbers_at_the_printed_decimals(officer):
    answer = pasted(officer, "S01;W0;4.5;920", "S08;W0;61,3 %;920", "S08;W0 → W1;+5.2;")
    assert found(answer) == [
        (1, "another number than the stored one", "4.5", "4.0"),
        (2, "another number than the stored one", "61,3 %", "60.0\u202f%"),
    ]
    assert "2 lines do not agree, of 3 lines and 5 comparisons." in answer.content.decode()


def test_a_base_larger_than_all_who_answered_and_another_base(officer):
    answer = pasted(officer, "S01;W0;4.02;971", "S01;W0;4.02;919")
    assert found(answer) == [
        (1, "another base than the stored one", "971", "920"),
        (2, "another base than the stored one", "919", "920"),
    ]


def test_more_answers_than_answer_sheets_of_the_run(officer, demo):
    row = {"instrument": "student", "wave": "W0", "version": "1", "excluded": [], "n": 930}
    demo.run.inputs["datasets"] = [row | {"file": "f", "file_sha256": "0", "sha256": "0"}]
    demo.run.save()
    (one,) = found(pasted(officer, "S01;W0;4.02;971"))
    assert one == (1, "more answers than people who answered", "971", "930")


def test_a_distribution_its_mean_and_its_options(officer):
    shares = ("0.7", "11.3", "21.7", "27.2", "39.1")  # 6, 104, 200, 250 and 360 of 920
    lines = [f"s_s01;W0;{share} %;{code}" for code, share in enumerate(shares, start=1)]
    header = "code;wave;value;option"
    assert found(pasted(officer, header, *lines)) == []
    lines[4] = "s_s01;W0;38.1 %;5"
    answer = pasted(officer, header, *lines)
    assert [one[:2] for one in found(answer)] == [
        (6, "the shares do not add up to 100 %"),
        (6, "another number than the stored one"),
    ]


def test_names_and_numbers_of_figures(officer):
    answer = pasted(
        officer,
        "code;wave;value;label;place;number",
        "S01;W0;4.02;School climate;3.1;3.1.1",
        "T03;W0;3.82;school climate;4.1;3.1.2",
    )
    assert [one[:2] for one in found(answer)] == [
        (3, "one name stands for two things"),
        (3, "the figure has the number of another section"),
    ]
    assert "It is numbered 3.1.2." in answer.content.decode()


def test_what_cannot_be_read_is_named_and_everything_typed_stays(officer):
    lines = ("S01;W0;4.02;920", "S99;W0;1", "S01;W7;1", "S01;W0;<b>4</b>", "S01;W0;40 %")
    answer = pasted(officer, *lines)
    assert [line for line, _text in unread(answer)] == [2, 3, 4, 5]
    assert "no figure is called “S99”" in unread(answer)[0][1]
    page = answer.content.decode()
    assert "<b>4</b>" not in page
    assert "S01;W0;&lt;b&gt;4&lt;/b&gt;" in page
    assert answer.context["form"]["table"].value() == "\n".join(lines)


@pytest.mark.parametrize("text", ["", "  \n "])
def test_nothing_pasted_says_what_to_do(officer, text):
    answer = officer.post(PAGE, {"table": text})
    page = answer.content.decode()
    assert "Paste the figures first" in page or "There was nothing to compare." in page


def test_nothing_is_kept_but_an_entry_of_the_audit_log(officer, demo):
    pasted(officer, "S01;W0;4.5;921", "S99;W0;1")
    event = AuditEvent.objects.get(kind="figure.checked")
    assert event.after == {
        "lines": 1,
        "comparisons": 2,
        "findings": {"bases_differ": 1, "numbers_differ": 1},
        "unread": 1,
    }
    assert (event.object_id, event.by.username[:7]) == (str(demo.run.pk), "officer")
    assert "figures of a printed report checked" in text_of(officer, "/p/demo/audit/")


def test_looking_leaves_no_trace_and_only_officers_may(officer, demo, client):
    officer.get(PAGE)
    assert not AuditEvent.objects.filter(kind="figure.checked").exists()
    for role in ("donor", "administrator"):
        client.force_login(member(demo, role))
        assert client.post(PAGE, {"table": "S01;W0;4.0"}).status_code == 403


def test_before_the_first_calculation_the_page_says_what_to_do(client):
    world = build_world()
    Run.objects.update(state="failed")
    client.force_login(member(world, "officer"))
    client.cookies["django_language"] = "en"
    assert "Nothing has been calculated yet" in text_of(client, PAGE)
    assert "Nothing has been calculated yet" in pasted(client, "S01;W0;4").content.decode()


def test_the_figures_of_the_newest_calculation_count(officer, demo):
    newer = Run.objects.create(project=demo.project, state="done")
    measure, wave = demo.indicators["S01"].measure, demo.waves[0]
    Estimate.objects.create(run=newer, measure=measure, wave=wave, scope="project", n=9, value=3.3)
    assert found(pasted(officer, "S01;W0;3.3;9")) == []


def test_queries_do_not_grow_with_lines_or_schools(client):
    def counted(world, lines):
        client.force_login(member(world, "officer"))
        path = f"/p/{world.project.code}/figures/"
        client.get(path)
        with CaptureQueriesContext(connection) as caught:
            assert client.post(path, {"table": "S01;W0;4.02;920\n" * lines}).status_code == 200
        return len(caught)

    few, many = build_world(4, code="few"), build_world(60, code="many")
    assert counted(few, 1) == counted(many, 300) <= 24
