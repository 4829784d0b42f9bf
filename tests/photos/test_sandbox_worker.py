"""Rule: a worker stopped from outside does not refuse the photo; a crash does."""

from __future__ import annotations

import os
import signal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from articles.models import Article
from paper.outages import outage_of
from photos import page_images
from photos.error_messages import PAGE_REFUSALS, REFUSALS
from photos.models import Photo
from photos.sandbox import client, limits
from photos.services import UploadInterrupted, set_focus
from tests.helpers.odd_photos import photo
from tests.helpers.photo_uploads import add, stored

pytestmark = pytest.mark.django_db
UPLOAD = "/desk/articles/article/photos/"


@pytest.fixture
def worker(settings, tmp_path, monkeypatch):
    """Make workers end by the given signals, one after another; later ones work."""
    settings.PHOTO_WORKER = True
    real, ends, starts = limits.subprocess.run, [], []

    def run(command, **how):
        starts.append(command)
        number = ends.pop(0) if ends else 0
        if not number:
            return real(command, **how)
        script = f"import os; os.kill(os.getpid(), {int(number)})"
        return real([command[0], "-c", script], **how)

    monkeypatch.setattr(limits.subprocess, "run", run)
    return ends, starts


STOPS = [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP]


@pytest.mark.parametrize("number", STOPS)
def test_a_worker_that_is_stopped_is_started_again(number, now, worker):
    ends, starts = worker
    ends.append(number)
    assert add(photo(), now).width == 120
    assert len(starts) == 2


def test_a_photo_whose_worker_is_stopped_each_time_is_not_refused_and_not_tried_for_ever(
    now, worker
):
    ends, starts = worker
    ends += [signal.SIGKILL] * 9
    with pytest.raises(UploadInterrupted) as stopped:
        add(photo(), now)
    assert "请重新发送" in stopped.value.messages[0]
    assert len(starts) == client.MAX_STARTS == 2
    assert (stored(), Photo.objects.count()) == ({}, 0)


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGXCPU])
def test_a_photo_that_crashes_its_worker_is_refused_at_once(number, now, worker):
    ends, starts = worker
    ends.append(number)
    with pytest.raises(ValidationError) as refusal:
        add(photo(), now)
    assert not isinstance(refusal.value, UploadInterrupted)
    assert refusal.value.messages == [str(REFUSALS["too-much-work"])]
    assert len(starts) == 1


def test_a_limit_of_time_is_told_from_a_kill(settings, tmp_path):
    """Rule: a worker that uses up its CPU time ends by SIGXCPU, which nothing else sends."""
    (tmp_path / "spins.py").write_text("while True: pass")
    settings.BASE_DIR = tmp_path
    how = limits.Limits(cpu=1, wall=30, memory=2_000_000_000)
    assert limits.run_limited("spins", {}, how) == {"error": "too-much-work"}


def test_what_does_not_finish_without_using_its_time_was_stopped(settings, tmp_path):
    (tmp_path / "waits.py").write_text("import time; time.sleep(60)")
    settings.BASE_DIR = tmp_path
    how = limits.Limits(cpu=5, wall=1, memory=2_000_000_000)
    with pytest.raises(limits.WorkerStopped) as stopped:
        limits.run_limited("waits", {}, how)
    assert not stopped.value.is_soon


def test_a_server_that_cannot_start_a_process_asks_for_the_photo_again(now, settings, monkeypatch):
    settings.PHOTO_WORKER = True

    def run(*args, **how):
        raise BlockingIOError(11, os.strerror(11))

    monkeypatch.setattr(limits.subprocess, "run", run)
    with pytest.raises(UploadInterrupted) as stopped:
        add(photo(), now)
    assert outage_of(stopped.value.__cause__) is None


def test_an_interrupted_upload_answers_503_and_is_taken_the_next_time(desk, worker):
    ends, _starts = worker
    ends += [signal.SIGTERM] * 2
    browser = desk("correspondent")
    sent = {"file": SimpleUploadedFile("a.jpg", photo()), "key": "k"}
    answer = browser.post(UPLOAD, sent)
    assert (answer.status_code, answer.json()) == (503, {"stopped": str(REFUSALS["stopped"])})
    assert int(answer["Retry-After"]) > 0
    sent["file"].seek(0)
    assert browser.post(UPLOAD, sent).json()["photo"] == Photo.objects.get().pk


def test_an_interrupted_form_answers_503_and_keeps_every_word(desk, worker):
    ends, _starts = worker
    ends += [signal.SIGKILL] * 2
    fields = {
        "headline": "水闸今天落下",
        "body": "正文还在",
        "body_format": "light",
        "kind": "story",
        "version": 0,
        "photos-TOTAL_FORMS": 1,
        "photos-INITIAL_FORMS": 0,
        "photos-0-file": SimpleUploadedFile("a.jpg", photo()),
        "photos-0-caption": "图说还在",
    }
    page = desk("correspondent").post("/desk/articles/article/add/", fields)
    assert page.status_code == 503
    for words in (str(REFUSALS["stopped"]), "水闸今天落下", "正文还在", "图说还在"):
        assert words in page.content.decode()
    assert not Article.objects.exists()


def test_an_interrupted_focal_point_and_page_image_say_so(now, worker):
    made = add(photo(), now)
    ends, _starts = worker
    ends += [signal.SIGKILL] * 2
    with pytest.raises(UploadInterrupted):
        set_focus(made, 10, 10)
    made.refresh_from_db()
    assert (made.version, made.focus_x) == (1, 50)
    ends += [signal.SIGKILL] * 2
    with pytest.raises(UploadInterrupted) as stopped:
        page_images.store_page(photo(size=(300, 400)))
    assert stopped.value.messages == [str(PAGE_REFUSALS["stopped"])]
