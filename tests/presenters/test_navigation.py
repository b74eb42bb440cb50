"""The menu asks for permissions that exist and shows where one is."""

from types import SimpleNamespace

from indicators.presenters.navigation import MENU, menu
from indicators.roles import ROLES, Permission
from indicators.vocabulary import RoleName


def visit(role):
    may = ROLES[role].permissions
    return SimpleNamespace(
        project=SimpleNamespace(code="demo"), may=lambda permission: permission in may
    )


def test_the_menu_names_known_permissions():
    asked = {permission for _label, pages in MENU for _name, _words, permission in pages}
    assert asked - {""} <= set(Permission)


def test_the_longest_address_is_the_current_page_of_its_section():
    found = menu(visit(RoleName.OFFICER), "/p/demo/runs/7/")
    assert [one.label for one in found.sections if one.is_current] == ["Data"]
    assert [one.url for one in found.pages if one.is_current] == ["/p/demo/runs/"]


def test_a_page_no_section_claims_belongs_to_the_results():
    found = menu(visit(RoleName.DONOR), "/p/demo/indicators/S01/")
    assert [one.label for one in found.sections if one.is_current] == ["Results"]


def test_a_section_of_one_page_has_no_second_row():
    found = menu(visit(RoleName.DONOR), "/p/demo/schools/S1/")
    assert [one.label for one in found.sections if one.is_current] == ["Schools"]
    assert found.pages == ()


def test_a_role_sees_only_sections_with_a_page_it_may_open():
    labels = {one.label for one in menu(visit(RoleName.DONOR), "/p/demo/").sections}
    assert {"Results", "Indicators", "Schools", "Help"} <= labels
    assert not labels & {"Data", "Project"}
