"""Words of django-import-export's pages that its own catalogues lack in our languages.

Named here they stand in our catalogues, which Django asks first.
"""

from django.utils.translation import gettext_noop as _

WORDS = (
    _("Resource"),
    _("Format"),
    _("File to import"),
    _("Import"),
    _("Export"),
    _("Submit"),
    _("Confirm import"),
    _("Preview"),
    _("New"),
    _("Update"),
    _("Delete"),
    _("Skipped"),
    _("Row"),
    _("Errors"),
    _("Non field specific"),
    _("Some rows failed to validate"),
    _(
        "Please correct these errors in your data where possible, then reupload it using the "
        "form above."
    ),
    _(
        "Below is a preview of data to be imported. If you are satisfied with the results, click "
        "'Confirm import'"
    ),
    _("This importer will import the following fields: "),
    _("This exporter will export the following fields: "),
    _("Import finished: {} new, {} updated, {} deleted and {} skipped {}."),
    _(
        "%(exc_name)s encountered while trying to read file. Ensure you have chosen the correct "
        "format for the file."
    ),
    _("No valid data to import. Ensure your file has the correct headers or data for import."),
)
