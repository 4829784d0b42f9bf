from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bylines", "0001_v02")]

    operations = [
        migrations.AlterModelOptions(
            name="contributor",
            options={
                "ordering": ["sort_key", "id"],
                "verbose_name": "contributor",
                "verbose_name_plural": "contributors",
            },
        ),
        migrations.AddField(
            model_name="contributor",
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
