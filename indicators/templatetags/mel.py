"""Tags of the pages: the menu, a status with its shape, a chart."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.utils.translation import get_language, get_language_info

from indicators.presenters.navigation import MenuItem, menu

register = template.Library()


@register.simple_tag(takes_context=True)
def project_menu(context: dict[str, Any]) -> tuple[MenuItem, ...]:
    """Menu entries of the visit, or none outside a project."""
    visit = context.get("visit")
    request = context.get("request")
    return menu(visit, request.path) if visit and request else ()


@register.simple_tag
def languages() -> list[dict[str, Any]]:
    """The languages of the site, each by its own name."""
    current = (get_language() or settings.LANGUAGE_CODE)[:2]
    return [
        {
            "code": code,
            "name": get_language_info(code)["name_local"],
            "is_current": code == current,
        }
        for code, _name in settings.LANGUAGES
    ]


@register.inclusion_tag("_components/status.html")
def status(view: Any) -> dict[str, Any]:
    """A status: its shape and always its word."""
    return {"status": view}


@register.inclusion_tag("_components/verdict.html")
def verdict(view: Any) -> dict[str, Any]:
    return {"verdict": view}


@register.inclusion_tag("_components/chart.html")
def chart(drawing: Any) -> dict[str, Any]:
    """A chart of `presenters.charts` as SVG; nothing for None."""
    return {"chart": drawing}


@register.inclusion_tag("_components/cell.html")
def value(cell: Any) -> dict[str, Any]:
    """A value of `presenters.lines.Cell`; a dash carries its reason."""
    return {"cell": cell}
