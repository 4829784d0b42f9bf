from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="HouseWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("word", models.CharField(max_length=40, unique=True, verbose_name="word")),
                (
                    "better",
                    models.CharField(blank=True, max_length=40, verbose_name="write instead"),
                ),
                (
                    "is_blocking",
                    models.BooleanField(
                        default=False,
                        help_text="An article with this word cannot be approved until it is changed.",
                        verbose_name="blocks signing",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=120, verbose_name="note")),
            ],
            options={
                "verbose_name": "house word",
                "verbose_name_plural": "house words",
                "ordering": ["word"],
            },
        ),
    ]
