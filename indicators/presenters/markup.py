"""The small marks that stand in every row, as HTML: a value, a verdict, a status, a drawing.

Written here and not as templates: a page has hundreds of them, and a template of its own for each
took more than half of the time of the page. Everything that came from people is escaped.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from indicators.presenters.charts import Area, Chart, Dot, Rect, Stroke, Text
    from indicators.presenters.lines import Cell
    from indicators.presenters.words import StatusView, VerdictView

HIDDEN = ' aria-hidden="true" focusable="false"'


def status_html(status: StatusView) -> SafeString:
    """A status: its shape, and always its word."""
    shape = (
        f'<svg class="shape"{HIDDEN}><use href="#shape-{status.shape}" /></svg>'
        if status.shape
        else ""
    )
    return SafeString(
        f'<span class="status status-{escape(status.key)}">{shape}{escape(status.word)}</span>'
    )


def verdict_html(verdict: VerdictView | None, method_url: str = "") -> SafeString:
    """The word for a change and whether it goes the wanted way; a dash where there is none.

    `method_url`: the method page, which explains why a verdict is not given.
    """
    if verdict is None:
        return SafeString("–")
    why = f' title="{escape(verdict.reason)}"' if verdict.reason else ""
    look = f'class="verdict tone-{verdict.tone}"{why}'
    if method_url and verdict.explained_at:
        word = f'<a {look} href="{method_url}#{verdict.explained_at}">{escape(verdict.word)}</a>'
    else:
        word = f"<span {look}>{escape(verdict.word)}</span>"
    return SafeString(word + (" " + _note(verdict.wanted) if verdict.wanted else ""))


def cell_html(cell: Cell) -> SafeString:
    """A value; a dash carries its reason."""
    reason = escape(cell.reason)
    why = f' title="{reason}"' if reason else ""
    parts = [f'<span class="value"{why}>{escape(cell.text)}</span>']
    if reason:
        parts.append(f'<span class="visually-hidden"> {reason}</span>')
    if cell.more:
        parts.append(_note(cell.more))
    return SafeString("".join(parts))


def chart_html(chart: Chart | None) -> SafeString:
    """A drawing as SVG with its content in words; nothing for None."""
    if chart is None:
        return SafeString("")
    marks = (
        *map(_area, chart.areas),
        *map(_rect, chart.rects),
        *map(_stroke, chart.strokes),
        *map(_rect, chart.squares),
        *map(_dot, chart.dots),
        *map(_text, chart.texts),
    )
    title = escape(chart.title)
    stretch = ' preserveAspectRatio="none"' if chart.css == "stack" else ""
    return SafeString(
        f'<svg class="chart {chart.css}" viewBox="0 0 {chart.width} {chart.height}"{stretch} '
        f'role="img" aria-label="{title}. {escape(chart.desc)}"><title>{title}</title>'
        f"{''.join(marks)}</svg>"
    )


def _note(text: str) -> str:
    return f'<span class="note">{escape(text)}</span>'


def _area(a: Area) -> str:
    return f'<polygon class="{a.css}" points="{a.points}" />'


def _rect(r: Rect) -> str:
    title = f"<title>{escape(r.title)}</title>" if r.title else ""
    place = f'x="{r.x}" y="{r.y}" width="{r.width}" height="{r.height}"'
    return f'<rect class="{r.css}" {place}>{title}</rect>'


def _stroke(s: Stroke) -> str:
    return f'<line class="{s.css}" x1="{s.x1}" y1="{s.y1}" x2="{s.x2}" y2="{s.y2}" />'


def _dot(d: Dot) -> str:
    return f'<circle class="{d.css}" cx="{d.cx}" cy="{d.cy}" r="{d.r}" />'


def _text(t: Text) -> str:
    place = f'x="{t.x}" y="{t.y}" text-anchor="{t.anchor}"'
    return f'<text class="{t.css}" {place}>{escape(t.text)}</text>'
