import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import reforms.models.indexed
import reforms.models.vocabulary


class Migration(migrations.Migration):
    dependencies = [
        ("reforms", "0001_catalog_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="IndexedWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=64, unique=True, verbose_name="text")),
                (
                    "first",
                    models.CharField(db_index=True, max_length=1, verbose_name="first letter"),
                ),
                ("last", models.CharField(db_index=True, max_length=1, verbose_name="last letter")),
                (
                    "sound",
                    models.CharField(
                        blank=True, db_index=True, max_length=32, verbose_name="reading"
                    ),
                ),
            ],
            options={
                "verbose_name": "indexed word",
                "verbose_name_plural": "indexed words",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Synonym",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
                ),
                (
                    "loaded_checksum",
                    models.CharField(
                        blank=True,
                        editable=False,
                        max_length=64,
                        null=True,
                        verbose_name="checksum as loaded",
                    ),
                ),
                ("name_zh", models.CharField(max_length=120, verbose_name="Chinese name")),
                ("name_en", models.CharField(max_length=200, verbose_name="English name")),
                (
                    "slug",
                    models.CharField(
                        max_length=80,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(?:-[a-z0-9]+)*\\Z",
                                "Use small letters a to z, digits and single hyphens.",
                            )
                        ],
                        verbose_name="slug",
                    ),
                ),
                ("position", models.PositiveIntegerField(unique=True, verbose_name="position")),
                (
                    "words",
                    reforms.models.vocabulary.LinesField(verbose_name="words that people type"),
                ),
                (
                    "means",
                    reforms.models.vocabulary.LinesField(verbose_name="words looked for besides"),
                ),
            ],
            options={
                "verbose_name": "synonym",
                "verbose_name_plural": "synonyms",
                "ordering": ["position"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="IndexedText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("weight", models.PositiveIntegerField(verbose_name="weight of its kind")),
                ("name", models.CharField(max_length=32, verbose_name="which text")),
                ("part", models.PositiveIntegerField(default=1, verbose_name="part")),
                (
                    "checksum",
                    models.CharField(max_length=64, verbose_name="checksum of the tokens"),
                ),
                ("tokens", reforms.models.indexed.TokensField(verbose_name="tokens")),
                (
                    "city",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="reforms.city",
                        verbose_name="city",
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="indexed_texts",
                        to="reforms.measure",
                        verbose_name="measure",
                    ),
                ),
            ],
            options={
                "verbose_name": "indexed text",
                "verbose_name_plural": "indexed texts",
                "ordering": ["measure", "city", "name", "part"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("measure", "city", "name", "part"), name="indexed_text_one_a_part"
                    )
                ],
            },
        ),
    ]
