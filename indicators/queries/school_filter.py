"""Schools by region and language of instruction."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Q

from indicators.models import SchoolCategory
from indicators.results import SchoolChoices, SchoolFilter

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from indicators.models import Project, School

REGION, LANGUAGE = "oblast", "language"  # fields of SchoolCategory


def narrowed(schools: QuerySet[School], wanted: SchoolFilter) -> QuerySet[School]:
    """A school that teaches in several languages fits each of them. Any language of a name fits."""
    if wanted.text:
        fields = ("code", "name_ky", "name_ru", "name_en")
        found = Q()
        for field in fields:  # the "contains" of SQLite knows no capitals of Cyrillic
            found |= Q(**{f"{field}__iregex": re.escape(wanted.text)})
        schools = schools.filter(found)
    if wanted.region:
        schools = schools.filter(oblast=wanted.region)
    if wanted.language:
        code = wanted.language
        schools = schools.filter(
            Q(languages=code)
            | Q(languages__startswith=f"{code},")
            | Q(languages__endswith=f",{code}")
            | Q(languages__contains=f",{code},")
        )
    return schools


def school_categories(project: Project) -> list[SchoolCategory]:
    """The values of the schools' attributes, with their labels. One query."""
    return list(SchoolCategory.objects.filter(project=project))


def school_choices(categories: Iterable[SchoolCategory]) -> SchoolChoices:
    found: dict[str, list[tuple[str, str]]] = {REGION: [], LANGUAGE: []}
    for row in categories:
        if row.field in found:
            found[row.field].append((row.code, row.label or row.code))
    return SchoolChoices(tuple(found[REGION]), tuple(found[LANGUAGE]))
