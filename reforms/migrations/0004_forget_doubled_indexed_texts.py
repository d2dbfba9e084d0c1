"""Forget the indexed texts of measures of which one stands twice; load_catalog indexes them anew."""

from django.db import migrations
from django.db.models import Count


def forget(apps, schema_editor):
    """Delete every row of such a measure: which of two is right, only its record says."""
    texts = apps.get_model("reforms", "IndexedText").objects.using(schema_editor.connection.alias)
    doubled = (
        texts.order_by()
        .filter(city__isnull=True)
        .values("measure", "name", "part")
        .annotate(rows=Count("pk"))
        .filter(rows__gt=1)
    )
    texts.filter(measure__in=set(doubled.values_list("measure", flat=True))).delete()


class Migration(migrations.Migration):
    dependencies = [("reforms", "0003_full_text_index")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop, elidable=True)]
