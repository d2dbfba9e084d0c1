"""Add the histories of categories, cities, themes, indicators, synonyms and sources with their parts."""

import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import reforms.models.vocabulary


class Migration(migrations.Migration):
    dependencies = [
        ("reforms", "0007_roles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalCategory",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
                ),
                ("name_zh", models.CharField(max_length=120, verbose_name="Chinese name")),
                ("name_en", models.CharField(max_length=200, verbose_name="English name")),
                (
                    "action",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("loaded", "Loaded from a file"),
                            ("created", "Created"),
                            ("changed", "Changed"),
                            ("withdrawn", "Withdrawn"),
                            ("restored", "Restored"),
                            ("reverted", "Reverted"),
                        ],
                        max_length=32,
                        null=True,
                        verbose_name="what was done",
                    ),
                ),
                ("by_name", models.CharField(blank=True, max_length=150, verbose_name="by")),
                (
                    "slug",
                    models.CharField(
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(?:-[a-z0-9]+)*\\Z",
                                "Use small letters a to z, digits and single hyphens.",
                            )
                        ],
                        verbose_name="slug",
                    ),
                ),
                ("position", models.PositiveIntegerField(verbose_name="position")),
                (
                    "doing_business_topic_zh",
                    models.CharField(
                        blank=True,
                        max_length=120,
                        null=True,
                        verbose_name="Doing Business topic (Chinese)",
                    ),
                ),
                (
                    "doing_business_topic_en",
                    models.CharField(
                        blank=True,
                        max_length=120,
                        null=True,
                        verbose_name="Doing Business topic (English)",
                    ),
                ),
                (
                    "b_ready_topic_zh",
                    models.CharField(
                        blank=True,
                        max_length=120,
                        null=True,
                        verbose_name="B-READY topic (Chinese)",
                    ),
                ),
                (
                    "b_ready_topic_en",
                    models.CharField(
                        blank=True,
                        max_length=120,
                        null=True,
                        verbose_name="B-READY topic (English)",
                    ),
                ),
                (
                    "mapping_note_zh",
                    models.TextField(
                        blank=True, null=True, verbose_name="note on the mapping (Chinese)"
                    ),
                ),
                (
                    "mapping_note_en",
                    models.TextField(
                        blank=True, null=True, verbose_name="note on the mapping (English)"
                    ),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical category",
                "verbose_name_plural": "historical categories",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalCity",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
                ),
                ("name_zh", models.CharField(max_length=120, verbose_name="Chinese name")),
                ("name_en", models.CharField(max_length=200, verbose_name="English name")),
                (
                    "action",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("loaded", "Loaded from a file"),
                            ("created", "Created"),
                            ("changed", "Changed"),
                            ("withdrawn", "Withdrawn"),
                            ("restored", "Restored"),
                            ("reverted", "Reverted"),
                        ],
                        max_length=32,
                        null=True,
                        verbose_name="what was done",
                    ),
                ),
                ("by_name", models.CharField(blank=True, max_length=150, verbose_name="by")),
                (
                    "slug",
                    models.CharField(
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(?:-[a-z0-9]+)*\\Z",
                                "Use small letters a to z, digits and single hyphens.",
                            )
                        ],
                        verbose_name="slug",
                    ),
                ),
                ("position", models.PositiveIntegerField(verbose_name="position")),
                (
                    "short_name_zh",
                    models.CharField(max_length=40, verbose_name="short Chinese name"),
                ),
                (
                    "short_name_en",
                    models.CharField(max_length=60, verbose_name="short English name"),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical city",
                "verbose_name_plural": "historical cities",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalIdentification",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("loaded", "Loaded from a file"),
                            ("created", "Created"),
                            ("changed", "Changed"),
                            ("withdrawn", "Withdrawn"),
                            ("restored", "Restored"),
                            ("reverted", "Reverted"),
                        ],
                        max_length=32,
                        null=True,
                        verbose_name="what was done",
                    ),
                ),
                ("by_name", models.CharField(blank=True, max_length=150, verbose_name="by")),
                (
                    "source_version",
                    models.PositiveIntegerField(verbose_name="version of the source"),
                ),
                ("position", models.PositiveIntegerField(verbose_name="position")),
                (
                    "kind",
                    models.CharField(
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(?:-[a-z0-9]+)*\\Z",
                                "Use small letters a to z, digits and single hyphens.",
                            )
                        ],
                        verbose_name="what is claimed",
                    ),
                ),
                ("claim_zh", models.TextField(verbose_name="claim (Chinese)")),
                ("claim_en", models.TextField(verbose_name="claim (English)")),
                ("found_in_zh", models.TextField(verbose_name="where it was found (Chinese)")),
                ("found_in_en", models.TextField(verbose_name="where it was found (English)")),
                (
                    "address",
                    models.URLField(blank=True, max_length=500, null=True, verbose_name="address"),
                ),
                (
                    "confidence",
                    models.CharField(
                        choices=[("high", "High"), ("medium", "Medium"), ("low", "Low")],
                        max_length=32,
                        verbose_name="confidence",
                    ),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="reforms.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical identification",
                "verbose_name_plural": "historical identifications",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalIndicator",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
                ),
                ("name_zh", models.CharField(max_length=120, verbose_name="Chinese name")),
                ("name_en", models.CharField(max_length=200, verbose_name="English name")),
                (
                    "action",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("loaded", "Loaded from a file"),
                            ("created", "Created"),
                            ("changed", "Changed"),
                            ("withdrawn", "Withdrawn"),
                            ("restored", "Restored"),
                            ("reverted", "Reverted"),
                        ],
                        max_length=32,
                        null=True,
                        verbose_name="what was done",
                    ),
                ),
                ("by_name", models.CharField(blank=True, max_length=150, verbose_name="by")),
                (
                    "slug",
                    models.CharField(
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(?:-[a-z0-9]+)*\\Z",
                                "Use small letters a to z, digits and single hyphens.",
                            )
                        ],
                        verbose_name="slug",
                    ),
                ),
                ("position", models.PositiveIntegerField(verbose_name="position")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("time", "Time"),
                            ("steps", "Steps"),
                            ("cost", "Cost"),
                            ("volume", "Volume"),
                            ("share", "Share"),
                        ],
                        max_length=32,
                        verbose_name="kind",
                    ),
                ),
                ("definition_zh", models.TextField(verbose_name="Chinese definition")),
                ("definition_en", models.TextField(verbose_name="English definition")),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical indicator",
                "verbose_name_plural": "historical indicators",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalSection",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("name_zh", models.CharField(max_length=120, verbose_name="Chinese name")),
                ("name_en", models.CharField(max_length=200, verbose_name="English name")),
                (
                    "action",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("loaded", "Loaded from a file"),
                            ("created", "Created"),
                            ("changed", "Changed"),
                            ("withdrawn", "Withdrawn"),
                            ("restored", "Restored"),
                            ("reverted", "Reverted"),
                        ],
                        max_length=32,
                        null=True,
                        verbose_name="what was done",
                    ),
                ),
                ("by_name", models.CharField(blank=True, max_length=150, verbose_name="by")),
                (
                    "source_version",
                    models.PositiveIntegerField(verbose_name="version of the source"),
                ),
                ("position", models.PositiveIntegerField(verbose_name="position")),
                ("label", models.CharField(max_length=40, verbose_name="label as printed")),
                (
                    "declared_count",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="declared count"
                    ),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="reforms.category",
                        verbose_name="category",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="reforms.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical section",
                "verbose_name_plural": "historical sections",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalSource",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at"),
                ),
                (
                    "withdrawn_reason_zh",
                    models.TextField(
                        blank=True, null=True, verbose_name="reason of the withdrawal (Chinese)"
                    ),
                ),
                (
                    "withdrawn_reason_en",
                    models.TextField(
                        blank=True, null=True, verbose_name="reason of the withdrawal (English)"
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("loaded", "Loaded from a file"),
                            ("created", "Created"),
                            ("changed", "Changed"),
                            ("withdrawn", "Withdrawn"),
                            ("restored", "Restored"),
                            ("reverted", "Reverted"),
                        ],
                        max_length=32,
                        null=True,
                        verbose_name="what was done",
                    ),
                ),
                ("by_name", models.CharField(blank=True, max_length=150, verbose_name="by")),
                (
                    "slug",
                    models.CharField(
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(?:-[a-z0-9]+)*\\Z",
                                "Use small letters a to z, digits and single hyphens.",
                            )
                        ],
                        verbose_name="slug",
                    ),
                ),
                ("position", models.PositiveIntegerField(verbose_name="position")),
                (
                    "short_name_zh",
                    models.CharField(max_length=120, verbose_name="short Chinese name"),
                ),
                (
                    "short_name_en",
                    models.CharField(max_length=200, verbose_name="short English name"),
                ),
                ("title_zh", models.TextField(verbose_name="title as printed")),
                ("title_en", models.TextField(verbose_name="title in English")),
                (
                    "checksum",
                    models.CharField(max_length=64, verbose_name="SHA-256 of the text's bytes"),
                ),
                (
                    "completeness",
                    models.CharField(
                        choices=[("whole", "Whole"), ("fragment", "Fragment")],
                        max_length=32,
                        verbose_name="completeness",
                    ),
                ),
                (
                    "missing_zh",
                    models.TextField(
                        blank=True, null=True, verbose_name="what is missing (Chinese)"
                    ),
                ),
                (
                    "missing_en",
                    models.TextField(
                        blank=True, null=True, verbose_name="what is missing (English)"
                    ),
                ),
                (
                    "print_note_zh",
                    models.TextField(
                        blank=True, null=True, verbose_name="note on the print (Chinese)"
                    ),
                ),
                (
                    "print_note_en",
                    models.TextField(
                        blank=True, null=True, verbose_name="note on the print (English)"
                    ),
                ),
                (
                    "rights_zh",
                    models.TextField(blank=True, null=True, verbose_name="rights (Chinese)"),
                ),
                (
                    "rights_en",
                    models.TextField(blank=True, null=True, verbose_name="rights (English)"),
                ),
                (
                    "issuer_zh",
                    models.TextField(blank=True, null=True, verbose_name="issuer as printed"),
                ),
                (
                    "issuer_en",
                    models.TextField(blank=True, null=True, verbose_name="issuer in English"),
                ),
                (
                    "document_number",
                    models.TextField(
                        blank=True, null=True, verbose_name="document number as printed"
                    ),
                ),
                (
                    "publication_zh",
                    models.TextField(blank=True, null=True, verbose_name="publication as printed"),
                ),
                (
                    "publication_en",
                    models.TextField(blank=True, null=True, verbose_name="publication in English"),
                ),
                ("pages", models.TextField(blank=True, null=True, verbose_name="pages as printed")),
                (
                    "date_as_printed",
                    models.TextField(blank=True, null=True, verbose_name="date as printed"),
                ),
                (
                    "published_on",
                    models.DateField(blank=True, null=True, verbose_name="our reading of the date"),
                ),
                (
                    "address",
                    models.URLField(blank=True, max_length=500, null=True, verbose_name="address"),
                ),
                ("is_public", models.BooleanField(default=True, verbose_name="public")),
                (
                    "other_numbers",
                    models.JSONField(
                        blank=True, default=list, verbose_name="numbers that are not figures"
                    ),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "supersedes",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="reforms.source",
                        verbose_name="supersedes",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical source",
                "verbose_name_plural": "historical sources",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalSynonym",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
                ),
                ("name_zh", models.CharField(max_length=120, verbose_name="Chinese name")),
                ("name_en", models.CharField(max_length=200, verbose_name="English name")),
                (
                    "action",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("loaded", "Loaded from a file"),
                            ("created", "Created"),
                            ("changed", "Changed"),
                            ("withdrawn", "Withdrawn"),
                            ("restored", "Restored"),
                            ("reverted", "Reverted"),
                        ],
                        max_length=32,
                        null=True,
                        verbose_name="what was done",
                    ),
                ),
                ("by_name", models.CharField(blank=True, max_length=150, verbose_name="by")),
                (
                    "slug",
                    models.CharField(
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(?:-[a-z0-9]+)*\\Z",
                                "Use small letters a to z, digits and single hyphens.",
                            )
                        ],
                        verbose_name="slug",
                    ),
                ),
                ("position", models.PositiveIntegerField(verbose_name="position")),
                (
                    "words",
                    reforms.models.vocabulary.LinesField(verbose_name="words that people type"),
                ),
                (
                    "means",
                    reforms.models.vocabulary.LinesField(verbose_name="words looked for besides"),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical synonym",
                "verbose_name_plural": "historical synonyms",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalTheme",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
                ),
                ("name_zh", models.CharField(max_length=120, verbose_name="Chinese name")),
                ("name_en", models.CharField(max_length=200, verbose_name="English name")),
                (
                    "action",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("loaded", "Loaded from a file"),
                            ("created", "Created"),
                            ("changed", "Changed"),
                            ("withdrawn", "Withdrawn"),
                            ("restored", "Restored"),
                            ("reverted", "Reverted"),
                        ],
                        max_length=32,
                        null=True,
                        verbose_name="what was done",
                    ),
                ),
                ("by_name", models.CharField(blank=True, max_length=150, verbose_name="by")),
                (
                    "slug",
                    models.CharField(
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(?:-[a-z0-9]+)*\\Z",
                                "Use small letters a to z, digits and single hyphens.",
                            )
                        ],
                        verbose_name="slug",
                    ),
                ),
                ("position", models.PositiveIntegerField(verbose_name="position")),
                ("definition_zh", models.TextField(verbose_name="Chinese definition")),
                ("definition_en", models.TextField(verbose_name="English definition")),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical theme",
                "verbose_name_plural": "historical themes",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
    ]
