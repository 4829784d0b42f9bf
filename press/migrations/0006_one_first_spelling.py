from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("press", "0005_one_tag_per_spelling")]

    operations = [
        migrations.DeleteModel("TagSortKey"),
        migrations.AddConstraint(
            "tagkey",
            models.UniqueConstraint(
                condition=models.Q(("is_first", True)),
                fields=("key",),
                name="one_first_spelling_of_a_tag",
            ),
        ),
    ]
