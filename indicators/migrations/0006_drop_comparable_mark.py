from django.db import migrations


class Migration(migrations.Migration):
    """Its place was taken by the decisions; apart, since PostgreSQL alters no table with pending rows."""

    dependencies = [
        ("indicators", "0005_wording_decisions"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="itemversion",
            name="is_comparable",
        ),
    ]
