from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("paper", "0003_paper_counts_marks")]

    operations = [
        migrations.AlterModelOptions(
            name="town",
            options={
                "ordering": ["order", "sort_key", "id"],
                "verbose_name": "town",
                "verbose_name_plural": "towns",
            },
        ),
        migrations.AddField(
            model_name="town",
            name="sort_key",
            field=models.CharField(
                db_index=True,
                default="",
                editable=False,
                help_text="the pinyin of the name",
                max_length=240,
            ),
        ),
    ]
