"""Rule: a login that fails because of the desk's address says so, and not that the page is old."""

from __future__ import annotations

import pytest
from django.test import Client

from articles.models import UnsavedForm
from articles.services import unsaved_forms
from tests.helpers.processes import SOUND, manage

PORT = {"host": "10.1.2.3", "origin": "http://10.1.2.3:8080"}


@pytest.fixture
def strict(settings, staff) -> Client:
    settings.ALLOWED_HOSTS = ["10.1.2.3"]
    return Client(enforce_csrf_checks=True)


def log_in(client: Client, headers: dict[str, str]):
    page = client.get("/desk/login/", headers={"host": headers["host"]})
    form = {"username": "editor", "password": "for-tests-only"}
    form["csrfmiddlewaretoken"] = page.context["csrf_token"]
    return client.post("/desk/login/", form, headers=headers)


def test_a_login_on_a_port_that_the_proxy_drops_names_the_port(strict):
    """nginx listens on port 8080 and forwards the host without the port."""
    answer = log_in(strict, PORT)
    said = answer.content.decode()
    assert answer.status_code == 403
    assert "http://10.1.2.3:8080" in said
    assert "$http_host" in said
    assert "停留太久" not in said


def test_a_login_on_a_port_that_the_proxy_passes_on_gets_in(strict):
    assert log_in(strict, {**PORT, "host": "10.1.2.3:8080"}).status_code == 302


def test_a_login_on_a_port_that_the_proxy_drops_gets_in_where_the_settings_name_it(
    strict, settings
):
    settings.CSRF_TRUSTED_ORIGINS = ["http://10.1.2.3:8080"]
    other = log_in(strict, {**PORT, "origin": "http://10.1.2.3:9090"})
    assert (other.status_code, "NEWSROOM_DESK_ADDRESS" in other.content.decode()) == (403, True)
    assert log_in(strict, PORT).status_code == 302


def test_the_address_in_the_settings_is_trusted_with_its_port(tmp_path):
    """Rule: forms may be sent from the address that the operator sets."""
    print_it = "from django.conf import settings; print(settings.CSRF_TRUSTED_ORIGINS)"
    env = {**SOUND, "NEWSROOM_HTTPS": "0", "NEWSROOM_DESK_ADDRESS": "http://10.1.2.3:8080/"}
    done = manage("shell", "--no-imports", "-c", print_it, data=tmp_path, **env)
    assert "['https://paper.example', 'http://10.1.2.3:8080']" in done.stdout, done.stderr
    env["NEWSROOM_DESK_ADDRESS"] = "paper.example"
    done = manage("shell", "--no-imports", "-c", print_it, data=tmp_path, **env)
    assert "4_0.E001" not in done.stderr + done.stdout


@pytest.mark.parametrize("headers", [{"origin": "null"}, {}])
def test_a_browser_that_hides_the_origin_of_a_form_gets_a_message(strict, settings, headers):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    secure = {"host": "10.1.2.3", "x-forwarded-proto": "https"}
    answer = log_in(strict, {**secure, **headers})
    said = answer.content.decode()
    assert answer.status_code == 403
    assert "浏览器没有说明" in said
    assert "太久" not in said


def test_a_browser_without_cookies_gets_a_message(strict):
    page = strict.get("/desk/login/", headers={"host": "10.1.2.3"})
    form = {"username": "editor", "password": "for-tests-only"}
    form["csrfmiddlewaretoken"] = page.context["csrf_token"]
    strict.cookies.clear()
    said = strict.post("/desk/login/", form, headers={"host": "10.1.2.3"}).content.decode()
    assert "Cookie" in said
    assert "http://10.1.2.3" in said


def test_an_old_token_is_still_called_old(strict):
    form = {"username": "editor", "password": "for-tests-only", "csrfmiddlewaretoken": "a" * 64}
    answer = strict.post("/desk/login/", form, headers={"host": "10.1.2.3"})
    assert answer.status_code == 403
    assert "太久" in answer.content.decode()
    assert "$http_host" not in answer.content.decode()


def test_what_another_site_sends_is_shown_as_text_and_kept_nowhere(strict, staff):
    evil = {"host": "10.1.2.3", "origin": "http://<script>alert(1)</script>"}
    form = {
        "owner": unsaved_forms.owner_token(staff["editor"]),
        "headline": "别人写的",
        "window_id": "a" * 32,
    }
    answer = strict.post("/desk/articles/article/add/", form, headers=evil)
    assert answer.status_code == 403
    assert "<script>alert" not in answer.content.decode()
    assert not UnsavedForm.objects.exists()
