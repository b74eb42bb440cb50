"""The doors: fetch an object and check the right to it in one step.

A stranger to the project gets 404; a member who may read but not do this gets 403.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from indicators.models import (
    AgendaQuestion,
    Change,
    Checklist,
    CompositeIndex,
    Dataset,
    DefinitionEffect,
    DefinitionFile,
    Estimate,
    FieldLogEntry,
    Gap,
    Indicator,
    Instrument,
    Item,
    Membership,
    Note,
    Paragraph,
    Project,
    Run,
    School,
    Target,
    Theme,
    Upload,
    User,
    Wave,
)
from indicators.roles import ROLES, Permission, Role
from indicators.vocabulary import (
    ANSWERED_KINDS,
    BACKGROUND_BLOCK,
    FEWEST_SCHOOLS,
    ItemKind,
    RoleName,
    UploadState,
)


@dataclass(frozen=True, slots=True)
class Visit:
    """A signed-in person inside one project, with the role held there."""

    user: User
    project: Project
    role: Role
    own_school_ids: frozenset[int]

    def may(self, permission: Permission) -> bool:
        return permission in self.role.permissions

    @property
    def min_group(self) -> int:
        """Smallest group this person may see; 1 shows everything (officers)."""
        if self.may(Permission.GROUP_VIEW_SMALL):
            return 1
        if self.role.is_bound_to_schools:
            return self.project.min_group_director
        return self.project.min_group_public

    @property
    def min_schools(self) -> int:
        """Fewest schools in a group of schools (a region, a language) this person may see.

        A director may not see another school: with the own one known, two schools tell it.
        """
        return FEWEST_SCHOOLS if self.role.is_bound_to_schools else 1

    def demand(self, permission: Permission) -> None:
        if not self.may(permission):
            raise PermissionDenied

    def may_see_school(self, school: School) -> bool:
        """Own schools of a director (with the schools they continue); every school for others."""
        if self.may(Permission.SCHOOL_VIEW_ALL):
            return True
        successor = getattr(school, "continued_by", None)
        return school.pk in self.own_school_ids or (
            successor is not None and successor.pk in self.own_school_ids
        )


def my_memberships(user: User) -> QuerySet[Membership]:
    """Projects this person belongs to."""
    return Membership.objects.filter(user=user).select_related("project").order_by("project__code")


def other_projects(visit: Visit, permission: Permission) -> list[Project]:
    """Projects where this person has the permission, besides the one of the visit."""
    rows = my_memberships(visit.user).exclude(project=visit.project)
    return [row.project for row in rows if permission in ROLES[RoleName(row.role)].permissions]


def may_create_project(user: User) -> bool:
    """Staff whose account an administrator made, and who is officer or administrator anywhere."""
    team = (RoleName.OFFICER, RoleName.ADMINISTRATOR)
    return user.is_staff or Membership.objects.filter(user=user, role__in=team).exists()


def open_project(
    user: User, project_code: str, permission: Permission = Permission.PROJECT_VIEW
) -> Visit:
    """The visit of a member. Two queries (three for a director)."""
    membership = (
        Membership.objects.filter(user=user, project__code=project_code)
        .select_related("project", "user")
        .first()
    )
    if membership is None:
        raise Http404
    visit = _visit(membership, user)
    visit.demand(permission)
    return visit


def _visit(membership: Membership, user: User) -> Visit:
    role = ROLES[membership.role]  # type: ignore[index]  # stored values are RoleName values
    own = (
        frozenset(membership.schools.values_list("pk", flat=True))
        if role.is_bound_to_schools
        else frozenset()
    )
    return Visit(user, membership.project, role, own)


def open_school(
    user: User,
    project_code: str,
    school_code: str,
    permission: Permission = Permission.PROJECT_VIEW,
) -> tuple[Visit, School]:
    """A school of the project; another school's page does not exist for a director."""
    visit = open_project(user, project_code, permission)
    school = (
        School.objects.filter(project=visit.project, code=school_code)
        .select_related("continues", "continued_by")
        .first()
    )
    if school is None or not visit.may_see_school(school):
        raise Http404
    return visit, school


def open_indicator(
    user: User,
    project_code: str,
    indicator_code: str,
    permission: Permission = Permission.PROJECT_VIEW,
) -> tuple[Visit, Indicator]:
    visit = open_project(user, project_code, permission)
    indicator = (
        Indicator.objects.filter(project=visit.project, code=indicator_code)
        .select_related("measure__index", "measure__item", "measure__second_item")
        .first()
    )
    if indicator is None:
        raise Http404
    return visit, indicator


def open_item(
    user: User,
    project_code: str,
    instrument: str,
    name: str,
    permission: Permission = Permission.PROJECT_VIEW,
) -> tuple[Visit, Item]:
    """A question with answers that are counted; one that carries on another leads to that."""
    visit = open_project(user, project_code, permission)
    item = (
        Item.objects.filter(
            instrument__project=visit.project,
            instrument__code=instrument,
            name=name,
            kind__in=ANSWERED_KINDS,
        )
        .exclude(kind=ItemKind.TEXT, block__code=BACKGROUND_BLOCK)
        .select_related("continues")
        .first()
    )
    if item is None:
        raise Http404
    return visit, item.continues or item


def open_upload(
    user: User, project_code: str, pk: int, permission: Permission = Permission.UPLOAD_VIEW
) -> tuple[Visit, Upload]:
    visit = open_project(user, project_code, permission)
    upload = (
        Upload.objects.filter(project=visit.project, pk=pk)
        .select_related("wave", "version__instrument", "created_by", "accepted_by", "withdrawn_by")
        .first()
    )
    if upload is None:
        raise Http404
    return visit, upload


def open_dataset(
    user: User, project_code: str, upload_pk: int, permission: Permission
) -> tuple[Visit, Dataset]:
    """What was accepted from a file; a file that does not count has none."""
    visit = open_project(user, project_code, permission)
    dataset = (
        Dataset.objects.filter(upload__project=visit.project, upload=upload_pk)
        .select_related("upload__project", "wave", "version__instrument")
        .first()
    )
    if dataset is None:
        raise Http404
    return visit, dataset


def open_run(
    user: User,
    project_code: str,
    pk: int,
    permission: Permission = Permission.RUN_START,
) -> tuple[Visit, Run]:
    visit = open_project(user, project_code, permission)
    run = (
        Run.objects.filter(project=visit.project, pk=pk)
        .select_related("started_by", "release")
        .first()
    )
    if run is None:
        raise Http404
    return visit, run


Result = TypeVar("Result", Estimate, Change, Gap)


def open_result(
    user: User, project_code: str, rows: type[Result], pk: int, permission: Permission
) -> tuple[Visit, Result]:
    """One stored number of any calculation of the project, with its waves and school."""
    visit = open_project(user, project_code, permission)
    waves = {Change: ("wave_from", "wave_to"), Gap: ("wave_from", "wave")}.get(rows, ("wave",))
    school = () if rows is Gap else ("school",)
    found = (
        rows._default_manager.filter(run__project=visit.project, pk=pk)
        .select_related("run__project", "measure", *waves, *school)
        .first()
    )
    if found is None:
        raise Http404
    return visit, found


def open_target(
    user: User, project_code: str, pk: int, permission: Permission = Permission.TARGET_EDIT
) -> tuple[Visit, Target]:
    visit = open_project(user, project_code, permission)
    target = (
        Target.objects.filter(indicator__project=visit.project, pk=pk)
        .select_related("indicator__measure", "school", "wave", "updated_by")
        .first()
    )
    if target is None:
        raise Http404
    return visit, target


def open_field_log_entry(
    user: User, project_code: str, pk: int, permission: Permission = Permission.UPLOAD_ACCEPT
) -> tuple[Visit, FieldLogEntry]:
    visit = open_project(user, project_code, permission)
    entry = (
        FieldLogEntry.objects.filter(wave__project=visit.project, pk=pk)
        .select_related("wave__project", "instrument")
        .first()
    )
    if entry is None:
        raise Http404
    return visit, entry


def open_agenda_question(
    user: User, project_code: str, code: str, permission: Permission = Permission.PROJECT_VIEW
) -> tuple[Visit, AgendaQuestion]:
    visit = open_project(user, project_code, permission)
    question = AgendaQuestion.objects.filter(project=visit.project, code=code).first()
    if question is None:
        raise Http404
    return visit, question


def open_paragraph(
    user: User, project_code: str, place: str, permission: Permission = Permission.TEXT_EDIT
) -> tuple[Visit, Paragraph]:
    visit = open_project(user, project_code, permission)
    paragraph = Paragraph.objects.filter(project=visit.project, place=place).first()
    if paragraph is None:
        raise Http404
    return visit, paragraph


def open_wave(
    user: User, project_code: str, wave_code: str, permission: Permission = Permission.PROJECT_SETUP
) -> tuple[Visit, Wave]:
    visit = open_project(user, project_code, permission)
    wave = Wave.objects.filter(project=visit.project, code=wave_code).first()
    if wave is None:
        raise Http404
    return visit, wave


def open_instrument(
    user: User, project_code: str, code: str, permission: Permission = Permission.PROJECT_SETUP
) -> tuple[Visit, Instrument]:
    visit = open_project(user, project_code, permission)
    instrument = Instrument.objects.filter(project=visit.project, code=code).first()
    if instrument is None:
        raise Http404
    return visit, instrument


def open_index(
    user: User, project_code: str, code: str, permission: Permission = Permission.PROJECT_SETUP
) -> tuple[Visit, CompositeIndex]:
    visit = open_project(user, project_code, permission)
    rows = CompositeIndex.objects.filter(instrument__project=visit.project, code=code)
    index = rows.select_related("instrument__project").order_by("pk").first()
    if index is None:
        raise Http404
    return visit, index


def open_effect(
    user: User, project_code: str, pk: int, permission: Permission = Permission.PROJECT_SETUP
) -> tuple[Visit, DefinitionEffect]:
    """A change of a definition that the person looks at; nobody sees another's."""
    visit = open_project(user, project_code, permission)
    rows = DefinitionEffect.objects.filter(project=visit.project, created_by=user, pk=pk)
    row = rows.select_related("indicator", "index", "instrument", "project").first()
    if row is None:
        raise Http404
    return visit, row


def open_definition_file(
    user: User, project_code: str, pk: int, permission: Permission = Permission.PROJECT_SETUP
) -> tuple[Visit, DefinitionFile]:
    visit = open_project(user, project_code, permission)
    rows = DefinitionFile.objects.filter(project=visit.project, pk=pk).select_related("project")
    file = rows.first()
    if file is None:
        raise Http404
    return visit, file


def open_question(
    user: User,
    project_code: str,
    instrument: str,
    name: str,
    permission: Permission = Permission.PROJECT_VIEW,
) -> tuple[Visit, Item]:
    """A question answered in words."""
    visit = open_project(user, project_code, permission)
    item = (
        Item.objects.filter(
            instrument__project=visit.project,
            instrument__code=instrument,
            name=name,
            kind=ItemKind.TEXT,
        )
        .select_related("instrument__project")
        .first()
    )
    if item is None or item.name.endswith("_name"):  # names of people are never read
        raise Http404
    return visit, item


def open_theme(
    user: User, project_code: str, pk: int, permission: Permission = Permission.THEME_EDIT
) -> tuple[Visit, Theme]:
    visit = open_project(user, project_code, permission)
    theme = (
        Theme.objects.filter(item__instrument__project=visit.project, pk=pk)
        .select_related("item__instrument__project", "merged_into")
        .first()
    )
    if theme is None:
        raise Http404
    return visit, theme


def open_note(
    user: User, project_code: str, pk: int, permission: Permission = Permission.NOTE_EDIT
) -> tuple[Visit, Note]:
    """A note that was typed, or came with a file that counts."""
    visit = open_project(user, project_code, permission)
    note = (
        Note.objects.filter(wave__project=visit.project, pk=pk)
        .exclude(upload__state=UploadState.WITHDRAWN)
        .select_related("wave", "indicator", "school", "item", "upload")
        .first()
    )
    if note is None:
        raise Http404
    return visit, note


def open_checklist(
    user: User, project_code: str, pk: int, permission: Permission = Permission.CHECKLIST_VIEW
) -> tuple[Visit, Checklist]:
    """A checklist: the officer's, or the director's own school's. Others get 404."""
    visit = open_project(user, project_code, permission)
    checklist = (
        Checklist.objects.filter(school__project=visit.project, pk=pk)
        .select_related("school", "wave", "version__instrument")
        .first()
    )
    if checklist is None:
        raise Http404
    if visit.role.is_bound_to_schools and checklist.school_id not in visit.own_school_ids:
        raise Http404
    return visit, checklist
