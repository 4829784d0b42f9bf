"""Search over what is in print: its index takes the place of the tokens that stories bore."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("press", "0007_filed_by_time"), ("search", "0003_press")]
    operations = [migrations.RemoveField("story", "search_tokens")]
