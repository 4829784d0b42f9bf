from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("press", "0010_continued_index")]

    operations = [
        migrations.AddIndex(
            model_name="story",
            index=models.Index(
                fields=["page", "position", "release_at", "withdrawn_at"], name="story_in_issue"
            ),
        ),
    ]
