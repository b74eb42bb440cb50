"""Roles in code: which permissions a role has, in words a page can show."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from indicators.vocabulary import RoleName

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise


class Permission(StrEnum):
    PROJECT_VIEW = "project.view"  # published overview, indicators, own or published schools
    SCHOOL_VIEW_ALL = "school.view_all"
    RESULT_VIEW_UNPUBLISHED = "result.view_unpublished"
    GROUP_VIEW_SMALL = "group.view_small"  # results of groups of any size
    CHECKLIST_VIEW = "checklist.view"
    CHECKLIST_FILL = "checklist.fill"
    CHECKLIST_REVIEW = "checklist.review"
    FACT_VIEW_SCHOOL = "fact.view_school"  # a school's checklist answers
    TARGET_VIEW = "target.view"
    TARGET_EDIT = "target.edit"
    ANSWERS_DOWNLOAD = "answers.download"  # answers of people behind a number, without texts
    UPLOAD_VIEW = "upload.view"
    UPLOAD_ACCEPT = "upload.accept"
    THEME_EDIT = "theme.edit"  # coding frames of open questions
    CODING_EDIT = "coding.edit"  # read open answers and give them themes
    NOTE_EDIT = "note.edit"  # findings and quotes, and which of them readers see
    RUN_START = "run.start"
    COMPARISON_ASK = "comparison.ask"  # of two groups or questionnaires, beyond the register
    RUN_PUBLISH = "run.publish"
    WAVE_LOCK = "wave.lock"
    PROJECT_SETUP = "project.setup"  # definitions, waves, limits of the questionnaires
    PROJECT_SETTINGS = "project.settings"  # names, dates and thresholds
    AGENDA_EDIT = "agenda.edit"  # questions of the agenda and their conclusions
    TEXT_EDIT = "text.edit"  # paragraphs of the report
    INVITE = "member.invite"
    AUDIT_VIEW = "audit.view"
    ADMIN_TABLES = "admin.tables"  # reference tables and school progress in the admin
    ADMIN_ACCOUNTS = "admin.accounts"


@dataclass(frozen=True, slots=True)
class Role:
    """What one role may do. `is_bound_to_schools`: only the schools of the membership."""

    name: RoleName
    description: StrOrPromise
    permissions: frozenset[Permission]
    is_bound_to_schools: bool = False


_READ = frozenset({Permission.PROJECT_VIEW, Permission.TARGET_VIEW})

ROLES: dict[RoleName, Role] = {
    RoleName.DONOR: Role(
        RoleName.DONOR,
        _("Reads published results, per indicator and per school."),
        _READ | {Permission.SCHOOL_VIEW_ALL},
    ),
    RoleName.DIRECTOR: Role(
        RoleName.DIRECTOR,
        _("Fills in the own school's checklist and reads published results of the own school."),
        _READ
        | {
            Permission.CHECKLIST_VIEW,
            Permission.CHECKLIST_FILL,
            Permission.FACT_VIEW_SCHOOL,
        },
        is_bound_to_schools=True,
    ),
    RoleName.OFFICER: Role(
        RoleName.OFFICER,
        _("Loads data, enters targets, calculates, reviews and publishes."),
        frozenset(Permission) - {Permission.ADMIN_ACCOUNTS},
    ),
    RoleName.ADMINISTRATOR: Role(
        RoleName.ADMINISTRATOR,
        _("Looks after accounts, roles and settings."),
        _READ
        | {
            Permission.SCHOOL_VIEW_ALL,
            Permission.RESULT_VIEW_UNPUBLISHED,
            Permission.INVITE,
            Permission.PROJECT_SETTINGS,
            Permission.AUDIT_VIEW,
            Permission.ADMIN_TABLES,
            Permission.ADMIN_ACCOUNTS,
        },
    ),
}
