"""The groups of the roles, one for each row of `paper.permissions.Role`."""

from django.db import migrations

ROLES = [
    "correspondent",
    "office",
    "reporter",
    "proofreader",
    "layout",
    "editor",
    "head",
    "chief",
    "administrator",
]


def add_groups(apps, schema_editor):
    group = apps.get_model("auth", "Group")
    for name in ROLES:
        group.objects.get_or_create(name=name)


def remove_groups(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=ROLES).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("paper", "0001_v02"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(add_groups, remove_groups)]
