from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("paper", "0002_reference_data")]

    operations = [
        migrations.AddField(
            model_name="paper",
            name="counts_marks",
            field=models.BooleanField(
                default=True,
                help_text=(
                    "As in WPS and in fees. Without it, only characters, words and numbers count. "
                    "Articles are counted again at once; what has been published keeps its length."
                ),
                verbose_name="punctuation counts in lengths",
            ),
        ),
    ]
