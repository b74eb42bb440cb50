"""The menu asks for permissions that exist."""

from indicators.presenters.navigation import MENU
from indicators.roles import Permission


def test_the_menu_names_known_permissions():
    assert {permission for _name, _label, permission in MENU if permission} <= set(Permission)
