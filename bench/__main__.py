"""Run every benchmark and print its table."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mel.settings")


def main() -> int:
    import django

    django.setup()
    from bench import calculation, loading, pages, totals

    return max(totals.main(), loading.main(), pages.main(), calculation.main())


if __name__ == "__main__":
    sys.exit(main())
