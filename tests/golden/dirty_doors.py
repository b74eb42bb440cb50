"""The three ways in for a file: the page, the admin and the command, driven as a person does."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from indicators.models import Dataset, Project, Upload, User, Wave
from indicators.queries.import_context import version_in_wave
from tests.pipeline.import_cases import DIRTY


@dataclass(frozen=True, slots=True)
class Report:
    """One line of what a door says about a file."""

    kind: str
    severity: str
    sheet: str
    row: int | None
    column: str
    value: str = ""
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a door said about a file, and the accepted dataset, if there is one."""

    reports: tuple[Report, ...]
    dataset: str = ""  # its sha256
    checked: Any = None  # of a dry run in the admin


# Django's form refuses an empty file before anything is received.
NO_CONTENT = Said((Report("empty_file", "block", "", None, ""),))
How = tuple[str, str, str]


def by_page(project: Project, officer: User, name: str, how: How) -> Said:
    """Loaded, described where the content shows something else, accepted."""
    client = _signed_in(officer)
    page = client.post(reverse("upload-new", args=[project.code]), {"file": _posted(name)})
    if page.status_code == 200:
        return _refused(page.context["form"], "file")
    upload = Upload.objects.latest("pk")
    meant = _meant(project, how)
    if meant != {"kind": upload.kind, "wave": _code(upload), "version": upload.version_id or ""}:
        client.post(reverse("upload-describe", args=[project.code, upload.pk]), meant)
    client.post(reverse("upload-accept", args=[project.code, upload.pk]))
    return _stored(upload)


def by_admin(project: Project, officer: User, name: str, how: How) -> Said:
    """Named in the form, previewed, confirmed where the preview lets."""
    client = _signed_in(officer)
    meant = _meant(project, how)
    wave = Wave.objects.get(project=project, code=meant["wave"])
    data = {"project": project.pk, "import_file": _posted(name), **meant, "wave": wave.pk}
    page = client.post(reverse("admin:indicators_upload_import"), data)
    if page.context["form"].errors:
        return _refused(page.context["form"], "import_file")
    assert not Upload.objects.exists(), "a preview leaves nothing behind"
    result = page.context["result"]
    previewed = Said(_reports(result.problems), checked=result.tried.checked)
    if "confirm_form" not in page.context:
        return previewed
    confirm = {k: v for k, v in page.context["confirm_form"].initial.items() if v is not None}
    client.post(reverse("admin:indicators_upload_process_import"), confirm)
    stored = _stored(Upload.objects.get())
    assert stored.reports == previewed.reports, "what was previewed is what is stored"
    return Said(stored.reports, stored.dataset, previewed.checked)


def by_command(project: Project, officer: User, name: str, how: How) -> Said:
    kind, wave, instrument = how
    out = io.StringIO()
    options = ["--project", project.code, "--wave", wave, "--kind", kind, "--json"]
    options += ["--instrument", instrument] if instrument else []
    with suppress(CommandError):  # a blocked file; its problems are printed before
        call_command("import_file", str(DIRTY / name), *options, stdout=out)
    said = json.loads(out.getvalue())
    names = ("kind", "severity", "sheet", "row", "column", "value", "suggestion")
    reports = tuple(Report(**{name: one[name] for name in names}) for one in said["problems"])
    return Said(reports, _stored(Upload.objects.get(pk=said["upload"])).dataset)


DOORS: dict[str, Callable[[Project, User, str, How], Said]] = {
    "page": by_page,
    "admin": by_admin,
    "command": by_command,
}


def _signed_in(officer: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(officer)
    return client


def _posted(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, (DIRTY / name).read_bytes())


def _meant(project: Project, how: How) -> dict[str, Any]:
    kind, code, instrument = how
    wave = Wave.objects.get(project=project, code=code)
    version = version_in_wave(project=project, wave=wave, instrument=instrument)
    return {"kind": kind, "wave": code, "version": version.pk if version else ""}


def _code(upload: Upload) -> str:
    return upload.wave.code if upload.wave else ""


def _refused(form: Any, field: str) -> Said:
    (error,) = form.errors.as_data()[field]
    assert error.code == "empty", error
    return NO_CONTENT


def _stored(upload: Upload) -> Said:
    dataset = Dataset.objects.filter(upload=upload).first()
    return Said(_reports(upload.problems.order_by("id")), dataset.sha256 if dataset else "")


def _reports(problems: Iterable[Any]) -> tuple[Report, ...]:
    return tuple(
        Report(
            one.kind,
            str(one.severity),
            one.sheet,
            one.row,
            one.column,
            one.value,
            one.suggestion,
        )
        for one in problems
    )
