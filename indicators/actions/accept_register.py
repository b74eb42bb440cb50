"""Changes of the school register: events, and the new school that continues a merged one."""

from __future__ import annotations

from collections.abc import Iterable

from indicators.actions.audit import record
from indicators.models import School, SchoolAlias, SchoolEvent, Upload, User
from indicators.pipeline.matching import normalise
from indicators.pipeline.shapes import RecordRow
from indicators.vocabulary import SchoolEventKind

# What stays true when a school merges or is renamed. Its parts of enrolment and its staff do not.
KEPT = (
    "role",
    "oblast",
    "district_ky",
    "district_ru",
    "settlement",
    "remoteness",
    "distance_km",
    "languages",
)


def store_changes(*, upload: Upload, rows: Iterable[RecordRow], by: User | None) -> dict[str, int]:
    schools = {school.code: school for school in School.objects.filter(project=upload.project_id)}
    counts = {"events": 0, "new_schools": 0}
    for row in rows:
        old = schools[row.school_code]
        new = _successor(upload, old, row, by)
        if new is not None:
            counts["new_schools"] += 1
        elif row.values["new_name"]:
            _add_alias(old, row.values["new_name"])
        SchoolEvent.objects.create(
            school=old,
            upload=upload,
            kind=row.values["kind"],
            happened_on=row.values["happened_on"],
            new_school=new,
            wave=upload.wave if row.values["kind"] == SchoolEventKind.ABSENT else None,
            note=row.values["note"] or "",
        )
        counts["events"] += 1
    return counts


def _successor(upload: Upload, old: School, row: RecordRow, by: User | None) -> School | None:
    """The school under its new code; without a new code there is none."""
    code = row.values["new_code"]
    if not code:
        return None
    new = School.objects.create(
        project_id=upload.project_id,
        code=str(code).strip(),
        continues=old,
        name_ky=str(row.values["new_name"] or old.name_ky)[:300],
        n_students=row.values["enrolment_after"],
        **{name: getattr(old, name) for name in KEPT},
    )
    after = {"continues": old.code, "n_students": new.n_students}
    record("school.created", new, by=by, project=upload.project, after=after)
    return new


def _add_alias(school: School, name: str) -> None:
    SchoolAlias.objects.get_or_create(
        school=school, normalised=normalise(name)[:300], defaults={"text": name[:300]}
    )
