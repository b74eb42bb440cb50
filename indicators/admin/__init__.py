"""The Django admin: reference tables, files in and out, school progress, accounts.

Who sees what follows from roles (`rights`), rows from memberships, every write is audited (`base`).
"""

from django.contrib import admin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from indicators.admin import (  # noqa: F401  # registers the tables
    accounts,
    catalogue,
    collected,
    files,
    questionnaires,
    schools,
)
from indicators.admin.names import name_tables
from indicators.admin.rights import may_enter

name_tables()
admin.site.site_header = _("Indicators of school projects")
admin.site.site_title = _("Administration")
admin.site.index_title = _("Tables")
# Officers and administrators; Django's own rule would let in every account marked as staff.
admin.site.has_permission = may_enter  # type: ignore[method-assign]
# Rights come from memberships: groups would only look as if they gave some.
admin.site.unregister(Group)
