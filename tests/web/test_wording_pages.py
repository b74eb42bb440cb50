"""The page of the questions over the waves, and what files and fieldwork say about them."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.models import (
    Instrument,
    Item,
    ItemVersion,
    Membership,
    Project,
    Run,
    Upload,
    WordingDecision,
)
from tests.actions.wording_cases import new_question, second_version
from tests.web.factories import build_world, member

pytestmark = pytest.mark.django_db
OLD, NEW = "Teachers <listen> to everyone", "Teachers <listen> to every student"


@pytest.fixture
def world():
    world = build_world()
    ItemVersion.objects.filter(version__instrument__code="teacher").update(label_en=OLD)
    return world


@pytest.fixture
def teachers(world):
    return Instrument.objects.get(code="teacher")


@pytest.fixture
def question(world, teachers):
    version = second_version(teachers, world.waves[1], {"t_t03": {"label_en": NEW}})
    return version.item_versions.get()


@pytest.fixture
def client(world) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(member(world, "officer"))
    return client


def url(name="list", *args, instrument="teacher"):
    return reverse(f"wording-{name}", args=["demo", *args]) + f"?instrument={instrument}"


def text_of(client, address=None):
    return client.get(address or url()).content.decode()


def decide(client, questions, answer="comparable", reason="Piloted in two schools.", **fields):
    sent = {"questions": questions, "answer": answer, "reason": reason} | fields
    return client.post(url(), sent)


def shown(client):
    (pair,) = client.get(url()).context["pairs"]
    return pair


def test_both_wordings_stand_side_by_side_with_what_differs_marked(client, question):
    text = text_of(client)
    assert "Baseline (version 2025100101) → Endline (version 2025100101+)" in text
    assert "Teachers &lt;listen&gt; to <del>everyone</del>" in text
    assert "Teachers &lt;listen&gt; to <ins>every student</ins>" in text
    assert "Nobody has decided yet: it counts as not comparable." in text
    (view,) = shown(client).questions
    assert (view.status, view.indicators) == ("undecided", ("T03",))
    assert dict(shown(client).counts)["waiting for a decision"] == "1"


def test_a_decision_is_kept_shown_and_takes_effect_with_the_next_calculation(client, question):
    assert "Calculate now" not in text_of(client)
    answer = decide(client, [f"{question.pk}:0"])
    assert answer.url == url()
    text = text_of(client)
    assert "Decided about 1 question." in text
    assert "Piloted in two schools." in text
    assert "Calculate now" in text
    (view,) = shown(client).questions
    assert (view.status, view.note, view.history) == ("comparable", "", ())
    newest = WordingDecision.objects.get()
    decide(client, [f"{question.pk}:{newest.pk}"], "not_comparable", "It lifts answers.")
    (view,) = shown(client).questions
    assert (view.status, view.decision.reason) == ("not_comparable", "It lifts answers.")
    assert [one.reason for one in view.history] == ["Piloted in two schools."]
    audit = client.get(reverse("audit-list", args=["demo"])).content.decode()
    assert "decided whether a reworded question compares" in audit


def test_the_offer_to_calculate_ends_with_a_calculation(client, world, question):
    decide(client, [f"{question.pk}:0"])
    decided_at = WordingDecision.objects.get().decided_at
    Run.objects.create(
        project=world.project, state="done", started_at=decided_at.replace(year=2099)
    )
    assert "Calculate now" not in text_of(client)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"questions": []}, "Choose at least one question."),
        ({"questions": ["abc"]}, "Choose questions of this page."),
        ({"reason": "  "}, "Say why: it is kept with the decision."),
        ({"answer": ""}, "Say whether the answers are comparable."),
        ({"answer": "perhaps"}, "perhaps is not one of the available choices"),
        ({"questions": ["999999:0"]}, "the questionnaire has changed meanwhile"),
    ],
)
def test_bad_input_is_explained_and_nothing_typed_is_lost(client, question, fields, message):
    sent = {"questions": [f"{question.pk}:0"], "answer": "comparable", "reason": "Typed."}
    answer = client.post(url(), sent | fields)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert message in text
    assert not WordingDecision.objects.exists()
    if "reason" not in fields:
        assert "Typed.</textarea>" in text
    if "questions" not in fields:
        assert f'value="{question.pk}:0" form="decide-form" checked' in text


def test_a_second_officer_is_told_and_keeps_what_was_typed(client, world, question):
    decide(client, [f"{question.pk}:0"], reason="First.")
    newest = WordingDecision.objects.get()
    other = Client(headers={"accept-language": "en"})
    other.force_login(member(world, "officer", name="other"))
    answer = decide(other, [f"{question.pk}:0"], "not_comparable", "Second.")
    text = answer.content.decode()
    assert "somebody decided about one of these questions meanwhile" in text
    assert "First." in text
    assert "Second.</textarea>" in text
    assert f'value="{question.pk}:{newest.pk}" form="decide-form" checked' in text
    assert decide(other, [f"{question.pk}:{newest.pk}"], "not_comparable", "Second.").url == url()


def test_typing_alone_counts_by_itself(client, world, teachers):
    second_version(teachers, world.waves[1], {"t_t03": {"label_en": OLD.upper() + "."}})
    (view,) = shown(client).questions
    assert view.status == "comparable"
    assert view.note.startswith("Only spaces, quotes, punctuation or letter case differ")
    assert view.rows[-1].is_trivial


def test_every_kind_of_change_has_its_words(client, world, teachers):
    old = ItemVersion.objects.get(version__instrument=teachers)
    yes, no = (
        {"name": name, "code": code, "labels": [name, name, name]}
        for name, code in (("yes", 1), ("no", 0))
    )
    old.asked = {"kind": "scale", "block": "main", "limits": "", "options": [yes, no]}
    old.save()
    asked = {"kind": "multi", "block": "end", "limits": ". > 1", "max_selected": 2}
    changed = {"name": "no", "code": 2, "labels": ["no", "no", "never"]}
    later = {"asked": asked | {"options": [changed, yes]}, "relevant": "${t_t02} = 1"}
    second_version(teachers, world.waves[1], {"t_t03": later})
    (view,) = shown(client).questions
    assert set(view.tags) == {
        "kind of question",
        "section of the questionnaire",
        "when it is asked",
        "how many may be chosen",
        "number of an option",
        "wording of an option",
        "order of the options",
    }
    labels = {row.label: "".join(piece.text for piece in row.new) for row in view.rows}
    assert labels["wording of an option, English"] == "never"
    assert labels["kind of question"] == "several options"


class TestLinks:
    @pytest.fixture
    def items(self, world, teachers):
        old = ItemVersion.objects.get(version__instrument=teachers)
        version = second_version(teachers, world.waves[1], {"t_t03": {"gone": True}})
        return old.item, new_question(version, old, "t_t03b", NEW)

    def test_a_proposed_link_is_made_and_taken_back(self, client, items):
        earlier, later = items
        (link,) = shown(client).links
        assert (link.earlier, link.later) == (earlier.pk, later.pk)
        assert dict(shown(client).added) == {"t_t03b": NEW}
        assert dict(shown(client).gone) == {"t_t03": OLD}
        sent = {"earlier": earlier.pk, "later": later.pk, "answer": "comparable", "reason": "Same."}
        assert client.post(url("link"), sent).url == url()
        text = text_of(client)
        assert "Linked: both wordings are one question now." in text
        (view,) = shown(client).questions
        assert (view.name, view.status, view.indicators) == (
            "t_t03 → t_t03b",
            "comparable",
            ("T03",),
        )
        assert not shown(client).links
        client.post(url("unlink", view.item), {"reason": ""})
        assert "Say why the link is taken back." in text_of(client)
        client.post(url("unlink", view.item), {"reason": "A mistake."})
        assert "these are two questions again" in text_of(client)
        assert not Item.objects.filter(continues__isnull=False).exists()
        client.post(url("unlink", view.item), {"reason": "A mistake."})  # nothing left to take back
        assert shown(client).links

    def test_a_link_that_cannot_be_is_explained(self, client, items):
        earlier, later = items
        sent = {"earlier": earlier.pk, "later": later.pk, "answer": "comparable", "reason": ""}
        client.post(url("link"), sent)
        assert "Not linked: say whether" in text_of(client)
        client.post(url("link"), sent | {"reason": "Same.", "earlier": 10**9})
        assert "the questionnaire has changed meanwhile" in text_of(client)
        assert not Item.objects.filter(continues__isnull=False).exists()

    def test_a_file_with_a_question_that_may_be_linked_says_so(self, client, world, items):
        upload = Upload.objects.get(wave=world.waves[1], version__instrument__code="teacher")
        Upload.objects.filter(pk=upload.pk).update(version=items[1].versions.get().version)
        page = client.get(reverse("upload-detail", args=["demo", upload.pk]))
        assert not page.context["wording"].is_warning
        assert "Some questions are not asked as in the wave before." in page.content.decode()


def file_page(client, question):
    upload = Upload.objects.get(wave__code="W1", version__instrument__code="teacher")
    Upload.objects.filter(pk=upload.pk).update(version=question.version)
    return client.get(reverse("upload-detail", args=["demo", upload.pk]))


def test_files_and_fieldwork_warn_of_undecided_changes(client, world, question):
    warning = "1 question differs from the wave before and nobody has decided"
    board = reverse("coverage", args=["demo"])
    for page in (file_page(client, question), client.get(board + "?wave=W1")):
        assert warning in page.content.decode()
        assert page.context["wording"].is_warning
        assert f'href="{url()}"' in page.content.decode()
    assert warning not in text_of(client, board + "?wave=W0")
    decide(client, [f"{question.pk}:0"])
    page = file_page(client, question)
    assert not page.context["wording"].is_warning
    assert "Some questions are not asked as in the wave before." in page.content.decode()


def test_files_and_fieldwork_lead_to_the_page(client):
    for name in ("upload-list", "coverage"):
        text = text_of(client, reverse(name, args=["demo"]))
        assert f'href="{reverse("wording-list", args=["demo"])}"' in text


def test_empty_states_say_why(client, world):
    assert "Every wave asks this questionnaire in one version" in text_of(client)
    unused = Instrument.objects.create(project=world.project, code="new", respondent="teacher")
    assert "No wave uses this questionnaire yet." in text_of(client, url(instrument="new"))
    unused.delete()
    empty = Project.objects.create(code="empty", reference_date=date(2027, 12, 1))
    officer = Membership.objects.get(role="officer").user
    officer.memberships.create(project=empty, role="officer")
    for name in ("wording-list", "coverage"):
        assert client.get(reverse(name, args=["empty"])).status_code == 200
    text = text_of(client, reverse("wording-list", args=["empty"]))
    assert "The project has no questionnaire yet." in text
    assert "decide-form" not in text


def test_a_pair_without_a_change_says_so(client, world, teachers):
    second_version(teachers, world.waves[1])
    text = text_of(client)
    assert "Every question that both versions ask is asked alike." in text
    assert "decide-form" not in text


def test_the_questionnaire_with_several_versions_opens_first(client, question):
    page = client.get(reverse("wording-list", args=["demo"])).context["page"]
    assert page.instrument.code == "teacher"
    unknown = client.get(url(instrument="no\x00body")).context["page"]
    assert unknown.instrument.code == "teacher"


def test_few_queries_however_many_questions(client, world, teachers, question):
    def counted(address):
        with CaptureQueriesContext(connection) as caught:
            client.get(address)
        return len(caught)

    board = reverse("coverage", args=["demo"]) + "?wave=W1"
    client.get(url())
    first, fieldwork = counted(url()), counted(board)
    old = ItemVersion.objects.get(version__instrument=teachers, version__version="2025100101")
    for number in range(30):
        item = new_question(old.version, old, f"t_{number}", OLD)
        added = ItemVersion.objects.create(
            item=item, version=question.version, name_in_version=f"t_{number}", label_en=NEW
        )
        added.decisions.create(is_comparable=True, reason="Piloted.")
    assert len(shown(client).questions) == 31
    assert counted(url()) == first <= 11
    assert counted(board) == fieldwork
