from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_more_events")]

    operations = [
        migrations.AlterField(
            model_name="accountevent",
            name="what",
            field=models.CharField(
                choices=[
                    ("invited", "invited"),
                    ("link", "new link made"),
                    ("revoked", "link revoked"),
                    ("password", "password chosen"),
                    ("letter", "password reset by letter"),
                    ("roles", "roles changed"),
                    ("name", "user name changed"),
                    ("address", "e-mail address changed"),
                    ("deactivated", "deactivated"),
                    ("reactivated", "reactivated"),
                    ("factor_removed", "second factor removed"),
                    ("factor_renewed", "second factor moved to a new phone"),
                    ("sessions_ended", "sessions ended"),
                ],
                max_length=20,
            ),
        ),
    ]
