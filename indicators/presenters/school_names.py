"""Names of schools that a person decides on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from indicators.presenters.numbers import whole


@dataclass(frozen=True, slots=True)
class Choice:
    code: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class NameView:
    text: str
    where: str
    alike: tuple[Choice, ...]
    is_unknown: bool
    can_leave_out: bool


@dataclass(frozen=True, slots=True)
class NamesView:
    names: tuple[NameView, ...]
    schools: tuple[Choice, ...]
    n_suggested: int
    more: str


def school_names_view(found: Any) -> NamesView | None:
    """None when every school of the file is known."""
    if not found.names:
        return None
    labels = {code: f"{code} {name}" for code, name in found.schools}
    more = gettext("and %(n)s more names, shown when these are decided")
    return NamesView(
        names=tuple(_name(name, labels) for name in found.names),
        schools=tuple(Choice(code, label, False) for code, label in labels.items()),
        n_suggested=sum(not name.is_unknown for name in found.names),
        more=more % {"n": whole(found.n_more)} if found.n_more else "",
    )


def _name(name: Any, labels: dict[str, str]) -> NameView:
    codes = (name.suggestion,) if name.suggestion else name.alike
    rows = ngettext("%(n)s row", "%(n)s rows", name.n_rows) % {"n": whole(name.n_rows)}
    read_as = gettext("read as %(school)s") % {"school": labels.get(name.suggestion, "")}
    unknown = gettext("left out") if name.is_left_out else gettext("unknown")
    state = unknown if name.is_unknown else read_as
    return NameView(
        text=name.text,
        where=f"{rows}, {state}",
        alike=tuple(Choice(c, labels[c], c == name.suggestion) for c in codes if c in labels),
        is_unknown=name.is_unknown,
        can_leave_out=name.is_unknown and not name.is_left_out,
    )
