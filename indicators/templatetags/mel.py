"""Tags of the pages: the menu, a status with its shape, a chart."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info

from indicators.presenters import markup, numbers
from indicators.presenters.cited import cited_html
from indicators.presenters.navigation import Menu, menu
from indicators.presenters.words import VerdictView
from indicators.results import Figures

register = template.Library()


@register.simple_tag(takes_context=True)
def project_menu(context: dict[str, Any]) -> Menu:
    """Menu entries of the visit, or none outside a project."""
    visit = context.get("visit")
    request = context.get("request")
    return menu(visit, request.path) if visit and request else Menu()


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


@register.simple_tag(takes_context=True)
def verdict(context: dict[str, Any], view: VerdictView | None) -> SafeString:
    """The word for a change; a refusal leads to its explanation, where the page knows the way."""
    return markup.verdict_html(view, context.get("method_url", ""))


@register.simple_tag(takes_context=True)
def cited(context: dict[str, Any], text: str, figures: Figures) -> SafeString:
    """A text with its figures, as paragraphs. `figures`: from `queries.citations.cited_figures`."""
    return cited_html(text, figures, context["visit"].project.code)


# A status, a chart of `presenters.charts`, a value of `presenters.lines.Cell`.
register.simple_tag(markup.status_html, name="status")
register.simple_tag(markup.chart_html, name="chart")
register.simple_tag(markup.cell_html, name="value")
# A count with its thousands apart, where a template shows what a query counted.
register.filter("whole", numbers.whole)
