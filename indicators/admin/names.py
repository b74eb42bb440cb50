"""What the tables are called in the admin, in the reader's language.

Set here and not in the models: names of tables are words of this surface only, and a reworded
name needs no migration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

# Model -> one row, all rows.
NAMES: dict[str, tuple[StrOrPromise, StrOrPromise]] = {
    "activitylog": (_("activity"), _("activity log")),
    "assessment": (_("assessment of a target"), _("assessments of targets")),
    "auditevent": (_("audit event"), _("audit log")),
    "block": (_("section"), _("sections of questionnaires")),
    "change": (pgettext_lazy("between waves", "change"), _("changes between waves")),
    "checklist": (_("checklist"), _("checklists")),
    "checklistevent": (_("step of a checklist"), _("steps of checklists")),
    "clusterplan": (_("cluster plan"), _("cluster plans")),
    "coding": (_("code of an open answer"), _("codes of open answers")),
    "columnmapping": (_("meaning of a column"), _("meanings of columns")),
    "compositeindex": (_("index"), _("indices")),
    "dataset": (_("accepted data"), _("accepted data")),
    "definitioneffect": (_("effect looked at"), _("effects looked at")),
    "definitionfile": (_("workbook of the definition"), _("workbooks of the definition")),
    "definitionversion": (_("version of a definition"), _("versions of definitions")),
    "deskvalue": (_("desk value"), _("desk data")),
    "agendaquestion": (_("question of the agenda"), _("questions of the agenda")),
    "paragraph": (_("report text"), _("report texts")),
    "consistencycheck": (_("check of a calculation"), _("checks of calculations")),
    "consistencyfinding": (_("contradiction found"), _("contradictions found")),
    "distributiontest": (_("test of a distribution"), _("tests of distributions")),
    "doubtfulvalue": (_("doubtful answer in a file"), _("doubtful answers in files")),
    "estimate": (_("level"), _("levels")),
    "exclusion": (_("excluded row"), _("excluded rows")),
    "fieldlogentry": (_("entry of the quality log"), _("quality log")),
    "fieldplan": (_("expected answers of a school"), _("expected answers of schools")),
    "comparison": (_("comparison asked for"), _("comparisons asked for")),
    "comparisonwave": (_("wave of a comparison"), _("waves of comparisons")),
    "gap": (_("gap"), _("gaps")),
    "indexcomponent": (_("part of an index"), _("parts of indices")),
    "indexitem": (_("question of an index"), _("questions of indices")),
    "indicator": (_("indicator"), _("indicators")),
    "instrument": (_("questionnaire"), _("questionnaires")),
    "instrumentversion": (_("version of a questionnaire"), _("versions of questionnaires")),
    "invitation": (_("invitation"), _("invitations")),
    "item": (_("question"), _("questions")),
    "itemresult": (_("answers to a question"), _("answers to questions")),
    "itemversion": (_("wording of a question"), _("wordings of questions")),
    "leftoutrow": (_("row left out of a file"), _("rows left out of files")),
    "manualvalue": (_("value entered by hand"), _("values entered by hand")),
    "measure": (_("measure"), _("measures")),
    "membership": (_("membership"), _("memberships")),
    "note": (_("quote"), _("quotes")),
    "openquestion": (_("coding of an open question"), _("codings of open questions")),
    "problem": (_("problem in a file"), _("problems in files")),
    "project": (_("project"), _("projects")),
    "reliability": (_("reliability of an index"), _("reliabilities of indices")),
    "release": (_("publication"), _("publications")),
    "run": (_("calculation"), _("calculations")),
    "scale": (_("scale"), _("scales")),
    "scaleoption": (_("answer option"), _("answer options")),
    "school": (_("school"), _("schools")),
    "schoolalias": (_("other spelling of a school"), _("other spellings of schools")),
    "schoolarrival": (_("answers received from a school"), _("answers received from schools")),
    "schoolcategory": (_("code of a school attribute"), _("codes of school attributes")),
    "schoolevent": (_("event of a school"), _("events of schools")),
    "stratum": (_("stratum of a sample"), _("strata of a sample")),
    "target": (_("target"), _("targets")),
    "theme": (_("theme of an open question"), _("themes of open questions")),
    "themeshare": (_("share of a theme"), _("shares of themes")),
    "upload": (_("file"), _("files")),
    "user": (_("account"), _("accounts")),
    "valuemapping": (_("meaning of an answer"), _("meanings of answers")),
    "wave": (_("wave"), _("waves")),
    "waveinstrument": (_("questionnaire of a wave"), _("questionnaires of waves")),
    "wordingdecision": (_("decision about a wording"), _("decisions about wordings")),
}


def name_tables() -> None:
    for model, (one, many) in NAMES.items():
        options = apps.get_model("indicators", model)._meta
        options.verbose_name, options.verbose_name_plural = one, many
