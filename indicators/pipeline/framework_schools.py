"""The school register: one row per school, labels turned into codes, enrolment checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from indicators.pipeline.framework_cells import Sheet, SheetRow, as_text, without_repeats
from indicators.pipeline.framework_shapes import (
    CategoryDefinition,
    SchoolDefinition,
    StratumDefinition,
)
from indicators.pipeline.matching import Matcher, normalise
from indicators.vocabulary import SchoolRole, Severity

# Columns of the register. Headers are those of the field teams' file.
CODE = "Код"
NAMES = ("Мектептин аталышы (ky)", "Название школы (ru)", "School name (en)")
OBLAST_KY, OBLAST_RU = "Облус", "Область"
DISTRICT_KY, DISTRICT_RU = "Район/шаар (ky)", "Район/город (ru)"
SETTLEMENT = "Шаар/айыл (urban/rural)"
REMOTENESS = "Алыстыгы"
DISTANCE = "Район борборуна чейин, км"
LANGUAGES = "Окутуу тили"
ROLE = "Ролу"
STRATUM = "stratum"  # only in the register of a sample of schools
COUNTS: Mapping[str, str] = {
    "n_girls_1_4": "Кыздар 1–4",
    "n_boys_1_4": "Балдар 1–4",
    "n_girls_5_9": "Кыздар 5–9",
    "n_boys_5_9": "Балдар 5–9",
    "n_girls_10_11": "Кыздар 10–11",
    "n_boys_10_11": "Балдар 10–11",
    "n_students": "Окуучулар, бардыгы",
    "n_teachers_primary": "Мугалимдер: башталгыч",
    "n_teachers_secondary": "Мугалимдер: орто",
    "n_teachers": "Мугалимдер, бардыгы",
}
SUMS: Mapping[str, tuple[str, ...]] = {
    "n_students": tuple(COUNTS)[:6],
    "n_teachers": ("n_teachers_primary", "n_teachers_secondary"),
}
REGISTER_COLUMNS = (CODE, *NAMES, OBLAST_KY, SETTLEMENT, REMOTENESS, LANGUAGES, *COUNTS.values())
STRATUM_COLUMNS = ("code", "n_schools", "merged_into")
CATEGORY_COLUMNS = ("field", "code", "ky", "ru", "en")
ATTRIBUTES = ("oblast", "remoteness", "settlement", "language", "role")

_TOTAL_WORDS = {"жыйынтыгы", "жалпы", "бардыгы", "итого", "всего", "total"}
# Words of a label that do not tell one region from another.
_COMMON_WORDS = {"облусу", "облус", "областы", "область", "oblast", "region"}
_LATIN = str.maketrans("aceopxyABCEHKMOPTXY", "асеорхуАВСЕНКМОРТХУ")
_MIXED_WORD = re.compile(r"[\w-]*(?:[а-яёүөң][a-z]|[a-z][а-яёүөң])[\w-]*", re.IGNORECASE)


class SchoolCodes:
    """The codes of school attributes and the labels that stand for them."""

    def __init__(self, categories: Iterable[CategoryDefinition]) -> None:
        labels: dict[str, list[tuple[str, str]]] = {name: [] for name in ATTRIBUTES}
        for category in categories:
            texts = (category.code, *category.labels)
            labels[category.field] += [(text, category.code) for text in texts if text]
        self._whole = {name: Matcher(pairs) for name, pairs in labels.items()}
        self._proper = {
            name: Matcher((_proper_name(text), code) for text, code in pairs)
            for name, pairs in labels.items()
        }

    def of(self, field: str, label: str) -> str:
        """The code of a code or label, or an empty text; case and punctuation do not matter."""
        return self._whole[field].same(label) or ""

    def like(self, field: str, label: str) -> str:
        """The code of the one label most like this one; empty when none is clearly nearest."""
        found = self._whole[field].find(label).target
        return found or self._proper[field].find(_proper_name(label)).target or ""


def _proper_name(label: str) -> str:
    """A label without the words many regions share: what is left tells them apart."""
    words = normalise(label).split()
    return " ".join(word for word in words if word not in _COMMON_WORDS) or " ".join(words)


def read_categories(sheet: Sheet) -> tuple[CategoryDefinition, ...]:
    """Sheet `codes`: the values of each school attribute, in their order."""
    fields = {name: name for name in ATTRIBUTES}
    found: list[CategoryDefinition] = []
    seen: dict[tuple[str, str], int] = {}
    for row in sheet.rows:
        name = row.one_of("field", fields)
        code = row.text("code", required=True, longest=40)
        if name is None or not code:
            continue
        if (name, code) in seen:
            row.report("repeated", "code", first_row=str(seen[name, code]))
        elif name == "role" and code not in set(SchoolRole):
            row.report("value_unknown", "code", allowed=", ".join(SchoolRole))
        else:
            labels = (row.text("ky"), row.text("ru"), row.text("en"))
            found.append(CategoryDefinition(name, code, labels, len(found)))
        seen.setdefault((name, code), row.number)
    return tuple(found)


def read_schools(sheet: Sheet, codes: SchoolCodes) -> tuple[SchoolDefinition, ...]:
    """Sheet `schools`. A row of totals and blank rows are no schools."""
    seen: dict[str, int] = {}
    schools: list[SchoolDefinition] = []
    for row in sheet.rows:
        if is_total(row):
            continue
        school = clean_school(row, codes)
        code = school.code.casefold()  # a file may write is-01 for IS-01
        if code in seen:
            row.report("duplicate_code", CODE, first_row=str(seen[code]))
            continue
        if code:
            seen[code] = row.number
        schools.append(school)
    return tuple(schools)


def read_strata(sheet: Sheet, schools: Iterable[SchoolDefinition]) -> tuple[StratumDefinition, ...]:
    """Sheet `strata` of a sample: schools in the frame, and which stratum counts with another.

    A stratum named by a school only stands without its number of schools.
    """
    found: dict[str, StratumDefinition] = {}
    targets = {row.text("code"): row.text("merged_into") for row in sheet.rows}
    for row in without_repeats(sheet.rows, ("code",), "duplicate_code"):
        code = row.text("code", required=True, longest=40)
        target = row.text("merged_into")
        if target and (target not in targets or code in _after(target, targets)):
            row.report("label_unknown", "merged_into")
        found[code] = StratumDefinition(code, row.whole("n_schools"), target)
    for school in schools:
        if school.stratum:
            found.setdefault(school.stratum, StratumDefinition(school.stratum, None, ""))
    return tuple(found.values())


def _after(code: str, targets: Mapping[str, str]) -> set[str]:
    """The strata that one is merged into, itself included."""
    seen: set[str] = set()
    while code and code not in seen:
        seen.add(code)
        code = targets.get(code, "")
    return seen


def is_total(row: SheetRow) -> bool:
    """A row without a code that only adds up the others."""
    words = {as_text(value).casefold().strip(":. ") for value in row.cells.values()}
    return not row.text(CODE) and bool(words & _TOTAL_WORDS)


def clean_school(row: SheetRow, codes: SchoolCodes) -> SchoolDefinition:
    """One school of the register; what is wrong is reported on the row."""
    code = row.text(CODE, longest=20)
    if not code:
        row.report("missing_code", CODE)
    names = (_name(row, NAMES[0]), _name(row, NAMES[1]), row.text(NAMES[2], longest=300))
    if not any(names):
        row.report("value_missing", NAMES[0])
    counts = {name: row.whole(column) for name, column in COUNTS.items()}
    _check_sums(row, counts)
    role = _code(row, ROLE, "role", codes)
    return SchoolDefinition(
        code=code,
        names=names,
        role=SchoolRole(role) if role in set(SchoolRole) else SchoolRole.INNOVATIVE,
        oblast=_oblast(row, codes),
        district_ky=row.text(DISTRICT_KY, longest=120),
        district_ru=row.text(DISTRICT_RU, longest=120),
        settlement=_code(row, SETTLEMENT, "settlement", codes),
        remoteness=_code(row, REMOTENESS, "remoteness", codes),
        distance_km=row.number_in(DISTANCE, low=0, high=2000),
        languages=_languages(row, codes),
        counts=counts,
        stratum=row.text(STRATUM, longest=40),
    )


def _name(row: SheetRow, column: str) -> str:
    """A Cyrillic name; Latin letters that look alike are replaced, with a warning."""
    text = row.text(column, longest=300)

    def cyrillic(match: re.Match[str]) -> str:
        return match.group(0).translate(_LATIN)

    mended = _MIXED_WORD.sub(cyrillic, text)
    if mended != text:
        row.report("latin_letters", column, suggestion=mended, severity=Severity.WARNING)
    return mended


def _code(row: SheetRow, column: str, field: str, codes: SchoolCodes) -> str:
    """The code of a cell that holds a code or a label; another spelling is a warning."""
    text = row.text(column)
    code = codes.of(field, text)
    if not text or code:
        return code
    code = codes.like(field, text)
    if code:
        row.report("label_in_other_spelling", column, suggestion=code, severity=Severity.WARNING)
    else:
        row.report("unknown_region" if field == "oblast" else "label_unknown", column)
    return code


def _oblast(row: SheetRow, codes: SchoolCodes) -> str:
    """The region, written in Kyrgyz and again in Russian: both must say the same."""
    first = _code(row, OBLAST_KY, "oblast", codes)
    second = _code(row, OBLAST_RU, "oblast", codes)
    if first and second and first != second:
        row.report("regions_differ", OBLAST_RU, other=row.text(OBLAST_KY))
    if not row.text(OBLAST_KY) and not row.text(OBLAST_RU):
        row.report("value_missing", OBLAST_KY)
    return first or second


def _languages(row: SheetRow, codes: SchoolCodes) -> str:
    found: list[str] = []
    for part in re.split(r"[,;/+]", row.text(LANGUAGES)):
        code = codes.of("language", part.strip()) or codes.like("language", part.strip())
        if part.strip() and not code:
            row.report("label_unknown", LANGUAGES, value=part.strip())
        elif code and code not in found:
            found.append(code)
    return ",".join(found)


def _check_sums(row: SheetRow, counts: Mapping[str, int | None]) -> None:
    for total, parts in SUMS.items():
        values = [counts[part] for part in parts]
        whole = counts[total]
        known = [value for value in values if value is not None]
        if whole is not None and len(known) == len(values) and sum(known) != whole:
            row.report(
                "total_does_not_match_parts",
                COUNTS[total],
                severity=Severity.WARNING,
                parts=str(sum(known)),
            )
