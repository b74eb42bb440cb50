"""The one application of the product."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    name = "indicators"
    verbose_name = _("Indicators")

    def ready(self) -> None:
        # Tasks bind to this application in every process that can enqueue one.
        from mel import celery  # noqa: F401
