"""What the tests of the sheet of targets share: its address, its fields, a target to begin with."""

from __future__ import annotations

from django.urls import reverse

from indicators.actions.targets import set_target
from indicators.models import Target
from indicators.vocabulary import TargetType
from tests.web.factories import member


def url(name="target-grid", *args, **query) -> str:
    return reverse(name, args=["demo", *args], query=query or None)


def give(world, code="S01", low=4.3, school=None, **more) -> Target:
    values = {"type": TargetType.AT_LEAST, "high": None, "rationale": "first", "revision": None}
    return set_target(
        indicator=world.indicators[code],
        school=world.school(school) if school else None,
        wave=world.waves[1],
        low=low,
        by=more.pop("by", None) or member(world, "officer"),
        **(values | more),
    )


def name(world, code="S01", school=None) -> str:
    row = world.school(school).pk if school else 0
    return f"c-{world.indicators[code].pk}-{row}-{world.waves[1].pk}"


def sent(page) -> dict[str, str]:
    """Every field of the form as the page shows it, ready to be typed over."""
    form = page.context["form"]
    fields = {cell.name: cell.text for cell in form.cells.values()}
    return fields | {"read": form.reading(), "rationale": "agreed in March", "step": "save"}


def cell_of(page, world, code="S01", school=None):
    wanted = name(world, code, school)
    return next(cell for cell in page.context["form"].cells.values() if cell.name == wanted)


def line_of(page, code):
    lines = [line for part in page.context["parts"] for line in part.lines]
    return next(line for line in lines if line.code == code)
