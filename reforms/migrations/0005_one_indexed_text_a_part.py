from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reforms", "0004_forget_doubled_indexed_texts")]

    operations = [
        migrations.AddConstraint(
            model_name="indexedtext",
            constraint=models.UniqueConstraint(
                condition=models.Q(("city__isnull", True)),
                fields=("measure", "name", "part"),
                name="indexed_text_one_a_part_of_no_city",
            ),
        ),
    ]
