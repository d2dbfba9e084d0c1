"""Add new notices on their way in, and four roles of passages."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reforms", "0008_histories_of_words_and_sources"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="erratum",
            name="stands_in",
            field=models.CharField(
                choices=[
                    ("running_head", "Running head"),
                    ("section_heading", "Section heading"),
                    ("number_label", "Number label"),
                    ("title", "Title"),
                    ("practice_label", "Practice label"),
                    ("city_label", "City label"),
                    ("practice", "Practice"),
                    ("outcome_label", "Outcome label"),
                    ("outcome", "Outcome"),
                    ("responsible", "Who is responsible"),
                    ("replicated_in", "Where it is to be replicated"),
                    ("caption", "Caption"),
                    ("document_head", "Head of the document"),
                    ("notice_text", "Text outside the measures"),
                ],
                max_length=32,
                verbose_name="stands in",
            ),
        ),
        migrations.AlterField(
            model_name="passage",
            name="role",
            field=models.CharField(
                choices=[
                    ("running_head", "Running head"),
                    ("section_heading", "Section heading"),
                    ("number_label", "Number label"),
                    ("title", "Title"),
                    ("practice_label", "Practice label"),
                    ("city_label", "City label"),
                    ("practice", "Practice"),
                    ("outcome_label", "Outcome label"),
                    ("outcome", "Outcome"),
                    ("responsible", "Who is responsible"),
                    ("replicated_in", "Where it is to be replicated"),
                    ("caption", "Caption"),
                    ("document_head", "Head of the document"),
                    ("notice_text", "Text outside the measures"),
                ],
                max_length=32,
                verbose_name="role",
            ),
        ),
        migrations.CreateModel(
            name="NoticeDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("file_name", models.CharField(blank=True, max_length=255, verbose_name="file")),
                ("text", models.TextField(verbose_name="text")),
                (
                    "facts",
                    models.JSONField(default=dict, verbose_name="what is known of the source"),
                ),
                ("decisions", models.JSONField(default=dict, verbose_name="what was decided")),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
                ),
                (
                    "begun_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="begun at"
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="last changed at"
                    ),
                ),
                (
                    "thrown_away_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="thrown away at"),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="begun by",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="last changed by",
                    ),
                ),
                (
                    "source",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draft",
                        to="reforms.source",
                        verbose_name="source made of it",
                    ),
                ),
            ],
            options={
                "verbose_name": "new notice",
                "verbose_name_plural": "new notices",
                "ordering": ["-pk"],
            },
        ),
    ]
