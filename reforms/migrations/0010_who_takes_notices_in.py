"""Let editors take new notices in."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

ROLES = ("Editor", "Publisher", "Administrator")
PERMISSIONS = ("add_noticedraft", "change_noticedraft", "view_noticedraft")


def grant(apps, schema_editor):
    """Give each role that was made before what it needs for new notices; safe to repeat."""
    alias = schema_editor.connection.alias
    create_permissions(installed.get_app_config("reforms"), verbosity=0, using=alias, apps=apps)
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    wanted = permissions.filter(content_type__app_label="reforms", codename__in=PERMISSIONS)
    for group in apps.get_model("auth", "Group").objects.using(alias).filter(name__in=ROLES):
        group.permissions.add(*wanted)


class Migration(migrations.Migration):
    dependencies = [("reforms", "0009_new_notices")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
