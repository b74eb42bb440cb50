"""All methods in the order of the page, and the sections they stand in."""

from __future__ import annotations

from itertools import chain

from django.utils.translation import gettext_lazy as _

from indicators.presenters.method.change_more import MORE_CHANGES
from indicators.presenters.method.changes import CHANGES
from indicators.presenters.method.gaps import DISTRIBUTIONS, GAPS
from indicators.presenters.method.judging import FAMILIES, SIZE, TARGETS, WORDS
from indicators.presenters.method.levels import LEVELS
from indicators.presenters.method.one_school import ONE_SCHOOL, OTHER_ANSWERS
from indicators.presenters.method.planning import DISCLOSURE, PLANNING, RELIABILITY
from indicators.presenters.method.population import POPULATION, SCORES
from indicators.presenters.method.shapes import Mark, Section
from indicators.presenters.method.shares import SHARES

MARK_WORDS = {
    Mark.PAGE: _("used, shown on pages"),
    Mark.STORED: _("used, not printed"),
    Mark.TESTS: _("checked, not used yet"),
}

# What is never done, before anything that is.
NEVER = (
    _(
        "People are never treated as if they had been drawn one by one. Students of a school are "
        "alike: with 23 schools such a test finds a change in 18 to 28 of 100 surveys in which "
        "nothing changed."
    ),
    _(
        "The two waves are never treated as separate samples. The schools are the same, so errors "
        "of two published figures must not simply be added up: real changes would be missed."
    ),
    _(
        "Answers of people who chose themselves never get a range, a p or a verdict, and facts "
        "about all schools never get a “±”."
    ),
)

SECTIONS = (
    Section("1", _("Population and selection")),
    Section("2", _("Scores")),
    Section("3", _("Levels and their errors")),
    Section("4", _("Shares")),
    Section("5.1", _("What a change is made of")),
    Section("5.2", _("Change of the project")),
    Section("5.3", _("Second look and few schools")),
    Section("5.4", _("Spread of the schools")),
    Section("5.5", _("Several waves")),
    Section("5.6", _("Ordered answers")),
    Section("5.7", _("Notes beside a change")),
    Section("6", _("Gaps between answers")),
    Section("7", _("Distributions")),
    Section("8", _("One school")),
    Section("9", _("Self-selected answers")),
    Section("10", _("Counted facts")),
    Section("11", _("Size of a change")),
    Section("12", _("Families of tests")),
    Section("13", _("Targets")),
    Section("14", _("Planning")),
    Section("15", _("Words for a change")),
    Section("16", _("Reliability of an index")),
    Section("17", _("Protection of small groups")),
)

METHODS = tuple(
    chain(
        POPULATION,
        SCORES,
        LEVELS,
        SHARES,
        CHANGES,
        MORE_CHANGES,
        GAPS,
        DISTRIBUTIONS,
        ONE_SCHOOL,
        OTHER_ANSWERS,
        SIZE,
        FAMILIES,
        TARGETS,
        PLANNING,
        WORDS,
        RELIABILITY,
        DISCLOSURE,
    )
)
