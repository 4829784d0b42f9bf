import django.db.models.deletion
import taggit.managers
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "__first__"),
        ("bylines", "0001_v02"),
        ("paper", "0001_v02"),
        ("photos", "0001_v02"),
        ("press", "0001_v02"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
    ]

    operations = [
        migrations.CreateModel(
            name="Genre",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=20, unique=True, verbose_name="name")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
            ],
            options={
                "verbose_name": "genre",
                "verbose_name_plural": "genres",
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="Article",
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
                    models.TextField(
                        blank=True,
                        help_text="One line for each printed line.",
                        max_length=300,
                        verbose_name="headline",
                    ),
                ),
                ("subhead", models.CharField(blank=True, max_length=300, verbose_name="subhead")),
                ("dateline", models.CharField(blank=True, max_length=60, verbose_name="dateline")),
                ("body", models.TextField(blank=True, verbose_name="body")),
                (
                    "unit",
                    models.CharField(
                        blank=True,
                        help_text="Fill this in if the source is an office or a school.",
                        max_length=60,
                        verbose_name="unit",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="paper.section",
                        verbose_name="section",
                    ),
                ),
                (
                    "genre",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="articles.genre",
                        verbose_name="genre",
                    ),
                ),
                (
                    "chars",
                    models.PositiveIntegerField(
                        default=0, editable=False, verbose_name="length in characters"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("first_review", "first review"),
                            ("second_review", "second review"),
                            ("final_review", "final review"),
                            ("approved", "approved"),
                            ("withdrawn", "withdrawn"),
                            ("spiked", "spiked"),
                        ],
                        db_index=True,
                        default="draft",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "round",
                    models.PositiveIntegerField(
                        default=0, editable=False, help_text="counts submissions and corrections"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="articles",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                ("updated_at", models.DateTimeField(verbose_name="changed at")),
                ("submitted_at", models.DateTimeField(null=True, verbose_name="submitted at")),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken_articles",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="taken for review by",
                    ),
                ),
                ("taken_at", models.DateTimeField(null=True, verbose_name="taken for review at")),
                ("correction_kind", models.CharField(blank=True, editable=False, max_length=20)),
                ("correction_note", models.CharField(blank=True, editable=False, max_length=300)),
                (
                    "story",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="article",
                        to="press.story",
                        verbose_name="published story",
                    ),
                ),
                (
                    "import_key",
                    models.CharField(editable=False, max_length=64, null=True, unique=True),
                ),
                (
                    "form_key",
                    models.CharField(
                        editable=False,
                        help_text="names the form that made it: the same form sent twice makes one article",
                        max_length=36,
                        null=True,
                        unique=True,
                    ),
                ),
                (
                    "chain",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text="the chain of its last log entry",
                        max_length=64,
                    ),
                ),
                (
                    "tags",
                    taggit.managers.TaggableManager(
                        blank=True,
                        help_text="Separated by commas.",
                        through="taggit.TaggedItem",
                        to="taggit.Tag",
                        verbose_name="tags",
                    ),
                ),
            ],
            options={
                "verbose_name": "article",
                "verbose_name_plural": "articles",
                "ordering": ["-updated_at", "-id"],
                "indexes": [
                    models.Index(
                        fields=[
                            "-updated_at",
                            "-id",
                            "state",
                            "section",
                            "created_by",
                            "taken_by",
                            "taken_at",
                            "story",
                            "submitted_at",
                        ],
                        name="article_newest",
                    ),
                    models.Index(
                        fields=["state", "-updated_at", "-id"], name="article_state_newest"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "draft",
                                    "first_review",
                                    "second_review",
                                    "final_review",
                                    "approved",
                                    "withdrawn",
                                    "spiked",
                                ],
                            )
                        ),
                        name="article_state_is_stored",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("taken_by__isnull", True),
                            ("state__in", ["first_review", "second_review", "final_review"]),
                            _connector="OR",
                        ),
                        name="article_taken_only_in_review",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ArticlePhoto",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="article_photos",
                        to="articles.article",
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="article_photos",
                        to="photos.photo",
                        verbose_name="photo",
                    ),
                ),
                ("caption", models.CharField(blank=True, max_length=300, verbose_name="caption")),
                ("alt", models.CharField(blank=True, max_length=300, verbose_name="description")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
            ],
            options={
                "verbose_name": "photo",
                "verbose_name_plural": "photos",
                "ordering": ["order", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("article", "photo"), name="article_photo_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ArticleTown",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="articles.article"
                    ),
                ),
                (
                    "town",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="paper.town"),
                ),
            ],
            options={
                "verbose_name": "article",
                "verbose_name_plural": "articles",
                "db_table": "articles_article_towns",
                "unique_together": {("article", "town")},
            },
        ),
        migrations.CreateModel(
            name="Byline",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bylines",
                        to="articles.article",
                    ),
                ),
                (
                    "contributor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bylines",
                        to="bylines.contributor",
                        verbose_name="contributor",
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
                        default="通讯员",
                        max_length=10,
                        verbose_name="role",
                    ),
                ),
                ("label", models.CharField(blank=True, max_length=20, verbose_name="printed as")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
            ],
            options={
                "verbose_name": "byline",
                "verbose_name_plural": "bylines",
                "ordering": ["order", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("article", "contributor", "role"), name="byline_once_per_role"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="articles.article",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replies",
                        to="articles.comment",
                    ),
                ),
                (
                    "revision_number",
                    models.PositiveIntegerField(help_text="the revision that was read"),
                ),
                (
                    "paragraph",
                    models.PositiveIntegerField(
                        help_text="counts from 0 over Body.paragraphs; NULL is the whole",
                        null=True,
                    ),
                ),
                (
                    "quote",
                    models.CharField(
                        blank=True,
                        help_text="the paragraph's start as it was",
                        max_length=200,
                        verbose_name="quote",
                    ),
                ),
                ("text", models.TextField(max_length=1000, verbose_name="comment")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="time")),
                (
                    "resolved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="resolved at"),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mentions",
                    models.ManyToManyField(
                        blank=True, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "comment",
                "verbose_name_plural": "comments",
                "ordering": ["at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="comment_says_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("resolved_at", None), ("resolved_by__isnull", False), _connector="OR"
                        ),
                        name="comment_settled_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="presences",
                        to="articles.article",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("window_id", models.CharField(max_length=36)),
                ("is_editing", models.BooleanField(default=False)),
                ("seen_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("article", "user", "window_id"), name="presence_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReasonPhrase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "transition",
                    models.CharField(
                        choices=[("return", "return"), ("spike", "spike")],
                        default="return",
                        max_length=10,
                        verbose_name="for",
                    ),
                ),
                ("text", models.CharField(max_length=200, verbose_name="phrase")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
            ],
            options={
                "verbose_name": "reusable reason",
                "verbose_name_plural": "reusable reasons",
                "ordering": ["transition", "order", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("transition", "text"), name="reason_phrase_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revisions",
                        to="articles.article",
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("content", models.JSONField(verbose_name="content")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                (
                    "is_side",
                    models.BooleanField(
                        default=False,
                        help_text="Saved separately because a newer revision exists.",
                        verbose_name="conflict copy",
                    ),
                ),
                (
                    "is_auto",
                    models.BooleanField(
                        default=False,
                        help_text="Replaced by the next save from the same window.",
                        verbose_name="autosaved",
                    ),
                ),
                (
                    "window_id",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text="names the window that saved it",
                        max_length=36,
                    ),
                ),
                (
                    "sequence",
                    models.PositiveIntegerField(
                        default=0, editable=False, help_text="counts the sends of that window"
                    ),
                ),
                (
                    "base_version",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="version that it made; of a conflict copy: that it began from",
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="saved by",
                    ),
                ),
                ("saved_at", models.DateTimeField(verbose_name="saved at")),
            ],
            options={
                "verbose_name": "revision",
                "verbose_name_plural": "revisions",
                "ordering": ["-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("article", "number"), name="revision_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256", ""), _negated=True),
                        name="revision_has_sha256",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LogEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="log",
                        to="articles.article",
                    ),
                ),
                ("transition", models.CharField(max_length=20, verbose_name="transition")),
                ("from_state", models.CharField(max_length=20, verbose_name="from")),
                ("to_state", models.CharField(max_length=20, verbose_name="to")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                ("by_name", models.CharField(blank=True, max_length=60, verbose_name="name")),
                ("by_roles", models.CharField(blank=True, max_length=120, verbose_name="roles")),
                ("at", models.DateTimeField(verbose_name="time")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                (
                    "revision",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="articles.revision",
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=0, editable=False, help_text="the version of the article after it"
                    ),
                ),
                (
                    "printed",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text="SHA-256 of the story that the transition put in print",
                        max_length=64,
                    ),
                ),
                (
                    "details",
                    models.JSONField(
                        default=dict,
                        editable=False,
                        help_text="what the transition decided, as audit_log documents it",
                    ),
                ),
                (
                    "seal_version",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, help_text="what `chain` and `printed` cover"
                    ),
                ),
                (
                    "chain",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text="SHA-256 of the entry before it and of all that it says",
                        max_length=64,
                    ),
                ),
            ],
            options={
                "verbose_name": "log entry",
                "verbose_name_plural": "log entries",
                "ordering": ["at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("transition", "approve"), _negated=True),
                            ("revision__isnull", False),
                            _connector="OR",
                        ),
                        name="log_approval_with_revision",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviews",
                        to="articles.article",
                    ),
                ),
                ("round", models.PositiveIntegerField()),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("first_review", "first review"),
                            ("second_review", "second review"),
                            ("final_review", "final review"),
                        ],
                        max_length=20,
                        verbose_name="stage",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="articles.revision",
                        verbose_name="revision",
                    ),
                ),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reviewer",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                ("at", models.DateTimeField(verbose_name="time")),
            ],
            options={
                "verbose_name": "review",
                "verbose_name_plural": "reviews",
                "ordering": ["at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("article", "round", "stage"), name="one_review_per_stage_and_round"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256", ""), _negated=True), name="review_has_sha256"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_filters",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("name", models.CharField(max_length=30, verbose_name="name")),
                (
                    "query",
                    models.CharField(
                        help_text="the query of the list", max_length=500, verbose_name="filter"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
            ],
            options={
                "verbose_name": "saved filter",
                "verbose_name_plural": "saved filters",
                "ordering": ["order", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "name"), name="saved_filter_name_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="UnsavedForm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "window_id",
                    models.CharField(help_text="names the window that sent it", max_length=36),
                ),
                (
                    "path",
                    models.CharField(help_text="the address that it was sent to", max_length=200),
                ),
                (
                    "fields",
                    models.JSONField(
                        help_text="the text fields of the form, as [name, value] pairs"
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "window_id"), name="parked_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="article",
            name="approved_revision",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.revision",
                verbose_name="signed revision",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="towns",
            field=models.ManyToManyField(
                blank=True, through="articles.ArticleTown", to="paper.town", verbose_name="towns"
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="contributors",
            field=models.ManyToManyField(
                related_name="articles", through="articles.Byline", to="bylines.contributor"
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="photos",
            field=models.ManyToManyField(
                related_name="articles", through="articles.ArticlePhoto", to="photos.photo"
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "approved"), _negated=True),
                    ("approved_revision__isnull", False),
                    _connector="OR",
                ),
                name="article_approved_with_revision",
            ),
        ),
    ]
