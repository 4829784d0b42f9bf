import django.db.models.deletion
from django.db import migrations, models

import press.models
import press.story_link


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("bylines", "0001_v02"),
        ("paper", "0001_v02"),
        ("photos", "0001_v02"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
    ]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("xact", models.BigIntegerField(primary_key=True, serialize=False)),
                ("mark", models.CharField(max_length=36)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(unique=True, verbose_name="issue number")),
                (
                    "year_number",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="number within the year"
                    ),
                ),
                ("date", models.DateField(verbose_name="date")),
                ("part", models.PositiveSmallIntegerField(default=1, editable=False)),
                (
                    "special",
                    models.CharField(blank=True, max_length=20, verbose_name="special issue"),
                ),
                ("release_at", models.DateTimeField(db_index=True, verbose_name="release")),
                (
                    "signed_by",
                    models.CharField(blank=True, max_length=40, verbose_name="signed by"),
                ),
                (
                    "signed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="signed at"),
                ),
                ("sha256", models.CharField(max_length=64)),
                (
                    "seal_version",
                    models.PositiveSmallIntegerField(
                        default=1,
                        editable=False,
                        help_text="what `sha256` covers, as press.snapshot_hash documents it",
                    ),
                ),
            ],
            options={
                "verbose_name": "edition",
                "verbose_name_plural": "editions",
                "ordering": ["-date", "-part"],
                "constraints": [
                    models.UniqueConstraint(fields=("date", "part"), name="edition_parts_of_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="EditionPage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pages",
                        to="press.edition",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="page")),
                ("name", models.CharField(max_length=20, verbose_name="name")),
                (
                    "image",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="{folder, token, width, height, widths, has_pdf}",
                    ),
                ),
                (
                    "areas",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="[{story, x, y, w, h}] in per mille of the image",
                    ),
                ),
            ],
            options={
                "verbose_name": "edition page",
                "verbose_name_plural": "edition pages",
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("edition", "number"), name="edition_page_number_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HomepageBlock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pages", "Today's paper"),
                            ("photos", "Photo strip"),
                            ("section", "section"),
                            ("towns", "Index of towns"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "section",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="homepage_block",
                        to="paper.section",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("count", models.PositiveSmallIntegerField(default=0)),
                ("is_shown", models.BooleanField(default=True)),
            ],
            options={
                "verbose_name": "block of the homepage",
                "verbose_name_plural": "blocks of the homepage",
                "ordering": ["order", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "section"), ("section__isnull", False)),
                            models.Q(
                                models.Q(("kind", "section"), _negated=True),
                                ("section__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="homepage_block_of_a_section",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "section"), _negated=True),
                        fields=("kind",),
                        name="homepage_block_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HomepageVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("changed_by", models.CharField(blank=True, max_length=40)),
                ("changed_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="homepage_version_is_one_row"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Story",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("story", "story"),
                            ("photo", "photo news"),
                            ("roundup", "roundup"),
                        ],
                        default="story",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("kicker", models.CharField(blank=True, max_length=120, verbose_name="kicker")),
                (
                    "headline",
                    models.CharField(
                        blank=True,
                        help_text="One line for each printed line.",
                        max_length=300,
                        verbose_name="headline",
                    ),
                ),
                ("subhead", models.CharField(blank=True, max_length=300, verbose_name="subhead")),
                ("dateline", models.CharField(blank=True, max_length=60, verbose_name="dateline")),
                ("body", models.TextField(blank=True, verbose_name="body")),
                ("summary", models.CharField(blank=True, max_length=200, verbose_name="summary")),
                ("unit", models.CharField(blank=True, max_length=60, verbose_name="unit")),
                (
                    "chars",
                    models.PositiveIntegerField(default=0, verbose_name="length in characters"),
                ),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stories",
                        to="paper.section",
                        verbose_name="section",
                    ),
                ),
                (
                    "byline",
                    models.JSONField(
                        default=list, help_text="[{id, name, role, label}] in printed order"
                    ),
                ),
                ("places", models.JSONField(default=list, help_text="[{name, url}] of the towns")),
                ("tag_names", models.JSONField(default=list, help_text="[name]")),
                (
                    "photo_list",
                    models.JSONField(
                        default=list,
                        help_text="[{url, width, height, widths, crops, caption, credit, alt, placed}]",
                    ),
                ),
                (
                    "corrections",
                    models.JSONField(default=list, help_text="[{kind, note, at}], newest first"),
                ),
                (
                    "page",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="stories",
                        to="press.editionpage",
                        verbose_name="page",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                (
                    "continued_on",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="continued",
                        to="press.editionpage",
                        verbose_name="continued on page",
                    ),
                ),
                ("revision", models.PositiveIntegerField(verbose_name="revision")),
                ("sha256", models.CharField(max_length=64)),
                ("release_at", models.DateTimeField(verbose_name="release")),
                (
                    "corrected_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="corrected at"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at"),
                ),
                (
                    "withdrawal_reason",
                    models.CharField(blank=True, max_length=300, verbose_name="reason"),
                ),
            ],
            options={
                "verbose_name": "published story",
                "verbose_name_plural": "published stories",
                "ordering": ["-release_at", "-id"],
                "indexes": [
                    models.Index(fields=["-release_at", "-id"], name="story_newest"),
                    models.Index(
                        fields=["section", "-release_at", "-id"], name="story_section_newest"
                    ),
                    models.Index(
                        condition=models.Q(("kind", "photo")),
                        fields=["-release_at", "-id"],
                        name="story_photo_newest",
                    ),
                    models.Index(
                        fields=["page", "position", "release_at", "withdrawn_at"],
                        name="story_in_issue",
                    ),
                    models.Index(
                        condition=models.Q(("continued_on__isnull", False)),
                        fields=["continued_on"],
                        name="story_continued",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("revision__gte", 1)), name="story_has_revision"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256", ""), _negated=True), name="story_has_sha256"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at", None),
                            models.Q(("withdrawal_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="story_withdrawn_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at", None),
                            ("withdrawn_at__gte", models.F("release_at")),
                            _connector="OR",
                        ),
                        name="story_withdrawn_after_release",
                    ),
                ],
            },
            bases=(press.story_link.StoryLinkMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "story",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="correction_rows",
                        to="press.story",
                        verbose_name="published story",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("correction", "Correction"),
                            ("update", "Update"),
                            ("apology", "Apology"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("note", models.CharField(max_length=300, verbose_name="public note")),
                ("at", models.DateTimeField(verbose_name="time")),
            ],
            options={
                "verbose_name": "correction",
                "verbose_name_plural": "corrections",
                "ordering": ["-at", "-id"],
                "indexes": [models.Index(fields=["-at", "-id"], name="correction_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("note", ""), _negated=True),
                        name="correction_says_something",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HomepagePick",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "story",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="homepage_pick",
                        to="press.story",
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        choices=[("lead", "Lead"), ("headlines", "Headlines")], max_length=10
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0)),
                (
                    "edition",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="homepage_picks",
                        to="press.edition",
                    ),
                ),
                ("stays", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["place", "order", "id"],
            },
        ),
        migrations.CreateModel(
            name="StoryContributor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "story",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="press.story"
                    ),
                ),
                ("release_at", models.DateTimeField()),
                (
                    "contributor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="bylines.contributor"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("记者", "reporter"),
                            ("通讯员", "correspondent"),
                            ("作者", "author"),
                            ("文字", "text"),
                            ("摄影", "photograph"),
                            ("摄像", "video"),
                            ("图片", "picture"),
                            ("供图", "picture supplied"),
                            ("供稿", "copy supplied"),
                            ("编辑", "editing"),
                            ("校对", "proofreading"),
                            ("审核", "approval"),
                            ("统筹", "coordination"),
                            ("策划", "planned by"),
                            ("制图", "graphics"),
                            ("实习生", "trainee"),
                            ("评论员", "commentator"),
                        ],
                        max_length=10,
                        verbose_name="role",
                    ),
                ),
                ("label", models.CharField(blank=True, max_length=20, verbose_name="printed as")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
            ],
            options={
                "verbose_name": "published story",
                "verbose_name_plural": "published stories",
                "ordering": ["order", "id"],
                "indexes": [
                    models.Index(
                        fields=["contributor", "-release_at", "-story"],
                        name="story_contributor_newest",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("story", "contributor", "role"),
                        name="story_contributor_once_per_role",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StoryPhoto",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "story",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="photos",
                        to="press.story",
                    ),
                ),
                (
                    "token",
                    models.CharField(
                        default=press.models.new_token, editable=False, max_length=32, unique=True
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="prints",
                        to="photos.photo",
                    ),
                ),
                (
                    "folder",
                    models.CharField(help_text="its renditions in the storage", max_length=200),
                ),
                ("order", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "verbose_name": "published story",
                "verbose_name_plural": "published stories",
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="StoryTag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "story",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="press.story"
                    ),
                ),
                ("release_at", models.DateTimeField()),
                (
                    "tag",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="taggit.tag"),
                ),
            ],
            options={
                "verbose_name": "published story",
                "verbose_name_plural": "published stories",
                "db_table": "press_story_tags",
                "unique_together": {("story", "tag")},
                "indexes": [
                    models.Index(fields=["tag", "-release_at", "-story"], name="story_tag_newest")
                ],
            },
        ),
        migrations.CreateModel(
            name="StoryTown",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "story",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="press.story"
                    ),
                ),
                ("release_at", models.DateTimeField()),
                (
                    "town",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="paper.town"),
                ),
            ],
            options={
                "verbose_name": "published story",
                "verbose_name_plural": "published stories",
                "db_table": "press_story_towns",
                "unique_together": {("story", "town")},
                "indexes": [
                    models.Index(fields=["town", "-release_at", "-story"], name="story_town_newest")
                ],
            },
        ),
        migrations.CreateModel(
            name="TagAlias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "tag",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alias",
                        to="taggit.tag",
                        verbose_name="former name",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="aliases",
                        to="taggit.tag",
                        verbose_name="counts as",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="time")),
            ],
            options={
                "verbose_name": "former name of a tag",
                "verbose_name_plural": "former names of tags",
                "ordering": ["tag"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("tag", models.F("target")), _negated=True),
                        name="tag_alias_leads_to_another_tag",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="story",
            name="towns",
            field=models.ManyToManyField(
                blank=True,
                related_name="stories",
                through="press.StoryTown",
                to="paper.town",
                verbose_name="towns",
            ),
        ),
        migrations.AddField(
            model_name="story",
            name="tags",
            field=models.ManyToManyField(
                blank=True,
                related_name="stories",
                through="press.StoryTag",
                to="taggit.tag",
                verbose_name="tags",
            ),
        ),
        migrations.AddField(
            model_name="story",
            name="contributors",
            field=models.ManyToManyField(
                blank=True,
                related_name="stories",
                through="press.StoryContributor",
                to="bylines.contributor",
            ),
        ),
    ]
