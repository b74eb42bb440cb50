"""Tables through the pages of the admin: form, preview, confirmation, export."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from indicators.models import AuditEvent, School, Target
from indicators.resources.formats import FORMATS, CsvTable, XlsxTable
from indicators.resources.schools import SchoolResource
from tests.pipeline.import_cases import DIRTY

pytestmark = pytest.mark.django_db

TABLES = ["school", "indicator", "target", "checklist"]


def url(model: str, page: str) -> str:
    return reverse(f"admin:indicators_{model}_{page}")


def send(client: Any, model: str, content: bytes, name: str = "table.xlsx") -> Any:
    kind = FORMATS.index(CsvTable if name.endswith(".csv") else XlsxTable)
    file = SimpleUploadedFile(name, content)
    return client.post(url(model, "import"), {"import_file": file, "format": str(kind)})


def register(project: Any, **cells: object) -> bytes:
    data = SchoolResource(projects=[project.pk]).export()
    rows = [dict(row) for row in data.dict]
    rows[0].update(cells)
    for _ in range(len(data)):
        data.lpop()
    for row in rows:
        data.append(list(row.values()))
    return XlsxTable().export_data(data)


@pytest.mark.parametrize("model", TABLES)
def test_pages_open_and_keep_the_content_policy(sign_in: Any, model: str) -> None:
    client = sign_in("officer")
    for page in ("import", "export", "changelist"):
        response = client.get(url(model, page))
        assert response.status_code == 200
        text = response.content.decode()
        assert "onchange=" not in text
        assert "onclick=" not in text
    assert url(model, "import") in client.get(url(model, "changelist")).content.decode()


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("model", TABLES)
def test_export(sign_in: Any, model: str, kind: Any) -> None:
    response = sign_in("officer").post(
        url(model, "export"), {"format": str(FORMATS.index(kind)), "resource": ""}
    )
    assert response.status_code == 200
    content = b"".join(response) if response.streaming else response.content
    assert "attachment" in response["Content-Disposition"]
    table = kind(encoding="utf-8-sig").create_dataset(content)
    assert "project" in table.headers


def test_preview_then_confirm(sign_in: Any, people: Any, project: Any) -> None:
    client = sign_in("officer")
    preview = send(client, "school", register(project, **{"School name (en)": "Brand new"}))
    assert preview.status_code == 200
    assert preview.context["result"].totals["update"] == 1
    assert not School.objects.filter(name_en="Brand new").exists()
    confirm = preview.context["confirm_form"].initial
    done = client.post(url("school", "process_import"), confirm)
    assert done.status_code == 302
    assert School.objects.get(code="IS-01").name_en == "Brand new"
    event = AuditEvent.objects.get(kind="school.changed")
    assert event.by == people["officer"]
    # A second confirmation of the same file finds nothing to do twice.
    assert School.objects.count() == 23


def test_a_mistake_is_shown_and_cannot_be_confirmed(sign_in: Any, project: Any) -> None:
    content = register(project, Облус="Памир облусу", Область="")
    preview = send(sign_in("officer"), "school", content)
    text = preview.content.decode()
    assert "Памир облусу" in text
    assert "confirm_form" not in preview.context


def test_a_missing_column_is_told_without_a_traceback(sign_in: Any) -> None:
    text = send(sign_in("officer"), "school", "Код\nIS-01\n".encode(), "a.csv").content.decode()
    assert "These columns are missing" in text
    assert "Traceback" not in text
    assert ".py" not in text


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04broken"])
def test_a_file_that_is_no_table(sign_in: Any, content: bytes) -> None:
    response = send(sign_in("officer"), "school", content)
    assert response.status_code == 200
    assert response.context["form"].errors


def test_an_administrator_may_import_schools_but_no_targets(sign_in: Any, project: Any) -> None:
    client = sign_in("administrator")
    assert client.get(url("school", "import")).status_code == 200
    assert client.get(url("target", "import")).status_code == 403
    assert client.post(url("target", "process_import")).status_code == 403
    assert client.get(url("checklist", "import")).status_code == 403
    assert client.get(url("checklist", "export")).status_code == 403


def test_targets_keep_their_person_over_another_load(sign_in: Any, project: Any) -> None:
    from tests.resources.demo import load_demo

    client = sign_in("officer")
    target = Target.objects.get(indicator__code="S08", school=None)
    data = {"type": "at_least", "low": "0.9", "rationale": "agreed"}
    client.post(reverse("admin:indicators_target_change", args=[target.pk]), data)
    load_demo()
    assert Target.objects.get(pk=target.pk).low == 0.9


def test_a_dirty_register_is_told_by_the_rows_of_the_file(sign_in: Any, project: Any) -> None:
    preview = send(sign_in("officer"), "school", (DIRTY / "schools.xlsx").read_bytes())
    result, text = preview.context["result"], preview.content.decode()
    assert [row.number for row in result.invalid_rows] == [3, 5, 7, 9, 13, 16]
    assert "Row 3: This row stands in the file already, in row 2." in text
    assert "Row 7: Облус: There is no region “Памир облусу”" in text
    # Odd and yet taken: the sum of row 4, the spelling of row 6, the Latin letters of row 8.
    assert [line for line, _text in result.noticed] == [4, 6, 8, 12]
    assert "Row 4: Окуучулар, бардыгы: The total is 999, but its parts add up to 960." in text
    assert "confirm_form" not in preview.context


def test_a_filled_checklist_is_shown_its_own_way_in(sign_in: Any) -> None:
    content = (DIRTY / "director_IS-03.xlsx").read_bytes()
    preview = send(sign_in("officer"), "checklist", content)
    assert "is loaded under Files, with Import" in preview.content.decode()
    assert preview.context["result"].invalid_rows == []


def test_a_preview_is_confirmed_once(sign_in: Any, project: Any) -> None:
    client = sign_in("officer")
    preview = send(client, "school", register(project, **{"School name (en)": "Brand new"}))
    confirm = preview.context["confirm_form"].initial
    client.post(url("school", "process_import"), confirm)
    again = client.post(url("school", "process_import"), confirm, follow=True)
    assert "This preview was confirmed already" in again.content.decode()
    assert AuditEvent.objects.filter(kind="school.changed").count() == 1
