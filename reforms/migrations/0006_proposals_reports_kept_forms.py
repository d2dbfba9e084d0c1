"""Add proposals with their steps, reported errors, and forms kept for their authors."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import reforms.records


class Migration(migrations.Migration):
    dependencies = [
        ("reforms", "0005_one_indexed_text_a_part"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="measure",
            options={
                "ordering": ["source__position", "position"],
                "permissions": [
                    ("propose_measure", "Can propose changes of measures"),
                    ("publish_measure", "Can review and publish changes of measures"),
                ],
                "verbose_name": "measure",
                "verbose_name_plural": "measures",
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("awaiting", "Awaiting review"),
                            ("sent_back", "Sent back to its author"),
                            ("approved", "Approved and published"),
                            ("rejected", "Rejected"),
                            ("taken_back", "Taken back by its author"),
                        ],
                        default=reforms.records.ProposalState["AWAITING"],
                        max_length=32,
                        verbose_name="state",
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("loaded", "Loaded from a file"),
                            ("created", "Created"),
                            ("changed", "Changed"),
                            ("withdrawn", "Withdrawn"),
                            ("restored", "Restored"),
                            ("reverted", "Reverted"),
                        ],
                        default=reforms.records.Action["CHANGED"],
                        max_length=32,
                        verbose_name="what is proposed",
                    ),
                ),
                ("base_version", models.PositiveIntegerField(verbose_name="made from version")),
                ("record", models.JSONField(verbose_name="record")),
                ("cut", models.JSONField(blank=True, null=True, verbose_name="re-cut")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("by_name", models.CharField(max_length=150, verbose_name="by")),
                (
                    "made_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="proposed at"
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="last step at"
                    ),
                ),
                (
                    "became",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposal",
                        to="reforms.measureversion",
                        verbose_name="published as",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="author",
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="reforms.measure",
                        verbose_name="measure",
                    ),
                ),
            ],
            options={
                "verbose_name": "proposal",
                "verbose_name_plural": "proposals",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ProposalStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("revised", "Revised"),
                            ("sent_back", "Sent back"),
                            ("approved", "Approved"),
                            ("rejected", "Rejected"),
                            ("taken_back", "Taken back"),
                        ],
                        max_length=32,
                        verbose_name="what was done",
                    ),
                ),
                ("by_name", models.CharField(max_length=150, verbose_name="by")),
                ("comment", models.TextField(blank=True, verbose_name="comment")),
                ("base_version", models.PositiveIntegerField(verbose_name="made from version")),
                ("record", models.JSONField(verbose_name="record")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="reforms.proposal",
                        verbose_name="proposal",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a proposal",
                "verbose_name_plural": "steps of proposals",
                "ordering": ["proposal", "version"],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "measure_version",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="version read"),
                ),
                ("address", models.CharField(max_length=2000, verbose_name="page")),
                ("words", models.TextField(blank=True, verbose_name="words in question")),
                ("message", models.TextField(verbose_name="what is wrong")),
                (
                    "contact",
                    models.EmailField(
                        blank=True, max_length=254, verbose_name="address for an answer"
                    ),
                ),
                ("language", models.CharField(max_length=16, verbose_name="language")),
                ("sender", models.CharField(editable=False, max_length=64, verbose_name="sender")),
                (
                    "made_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="reported at"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be looked at"),
                            ("mended", "Mended"),
                            ("not_an_error", "Looked at: no error of the catalog"),
                            ("not_a_report", "Not a report"),
                        ],
                        default=reforms.records.ReportState["OPEN"],
                        max_length=32,
                        verbose_name="state",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="note of the editors")),
                (
                    "handled_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="handled at"),
                ),
                (
                    "handled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="handled by",
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="reforms.measure",
                        verbose_name="measure",
                    ),
                ),
            ],
            options={
                "verbose_name": "reported error",
                "verbose_name_plural": "reported errors",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="KeptForm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.CharField(max_length=2000, verbose_name="page")),
                ("fields", models.JSONField(verbose_name="fields")),
                (
                    "kept_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="kept at"),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="kept_forms",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
            ],
            options={
                "verbose_name": "kept form",
                "verbose_name_plural": "kept forms",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("by", "address"), name="kept_form_one_a_page")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(fields=["state", "changed_at"], name="proposal_queue"),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["awaiting", "sent_back"])),
                fields=("measure", "by"),
                name="proposal_one_open_a_measure_and_author",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("became__isnull", True),
                    ("state", reforms.records.ProposalState["APPROVED"]),
                    _connector="OR",
                ),
                name="proposal_published_only_if_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposalstep",
            constraint=models.UniqueConstraint(
                fields=("proposal", "version"), name="proposal_step_one_number_a_proposal"
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(fields=["state", "made_at"], name="report_queue"),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(fields=["sender", "made_at"], name="report_senders"),
        ),
    ]
