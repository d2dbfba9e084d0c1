"""Note when passwords change, and show the records of log-ins under names of the catalog."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("axes", "0010_accessattemptexpiration"),
    ]

    operations = [
        migrations.CreateModel(
            name="PasswordChange",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="password_change",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
                ("changed_at", models.DateTimeField(verbose_name="changed at")),
            ],
            options={
                "verbose_name": "change of password",
                "verbose_name_plural": "changes of passwords",
            },
        ),
        migrations.CreateModel(
            name="CountedFailure",
            fields=[],
            options={
                "verbose_name": "counted failures of a visitor",
                "verbose_name_plural": "counted failures of visitors",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("axes.accessattempt",),
        ),
        migrations.CreateModel(
            name="FailedLogIn",
            fields=[],
            options={
                "verbose_name": "failed log-in",
                "verbose_name_plural": "failed log-ins",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("axes.accessfailurelog",),
        ),
        migrations.CreateModel(
            name="LogIn",
            fields=[],
            options={
                "verbose_name": "log-in",
                "verbose_name_plural": "log-ins",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("axes.accesslog",),
        ),
    ]
