"""Make the roles: groups of accounts that may propose, publish, or look after accounts."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

READ = {
    f"reforms.view_{model}"
    for model in (
        "category",
        "city",
        "indicator",
        "measure",
        "measureversion",
        "proposal",
        "report",
        "source",
        "synonym",
        "theme",
    )
}
EDITOR = READ | {"reforms.propose_measure", "reforms.change_report"}
VOCABULARIES = {
    f"reforms.{act}_{model}"
    for act in ("add", "change")
    for model in ("category", "city", "indicator", "synonym", "theme")
}
PUBLISHER = (
    EDITOR
    | VOCABULARIES
    | {
        "reforms.publish_measure",
        "reforms.change_source",
        "reforms.add_identification",
        "reforms.change_identification",
        "reforms.change_section",
        "reforms.view_identification",
        "reforms.view_section",
    }
)
ADMINISTRATOR = (
    PUBLISHER
    | {f"auth.{act}_{model}" for act in ("add", "change", "view") for model in ("group", "user")}
    | {f"catalog.view_{model}" for model in ("login", "failedlogin", "countedfailure")}
)
ROLES = {"Editor": EDITOR, "Publisher": PUBLISHER, "Administrator": ADMINISTRATOR}


def make_roles(apps, schema_editor):
    """Make each group with its permissions; one that exists by that name gains what it lacks."""
    alias = schema_editor.connection.alias
    # Permissions are otherwise made only after the last migration.
    for name in ("reforms", "auth", "catalog"):
        create_permissions(installed.get_app_config(name), verbosity=0, using=alias, apps=apps)
    permissions = {
        f"{row.content_type.app_label}.{row.codename}": row
        for row in apps.get_model("auth", "Permission")
        .objects.using(alias)
        .select_related("content_type")
    }
    groups = apps.get_model("auth", "Group").objects.using(alias)
    for name, wanted in ROLES.items():
        group, _is_new = groups.get_or_create(name=name)
        group.permissions.add(*(permissions[one] for one in sorted(wanted)))


class Migration(migrations.Migration):
    dependencies = [
        ("reforms", "0006_proposals_reports_kept_forms"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("catalog", "0001_password_changes_and_records_of_log_ins"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
