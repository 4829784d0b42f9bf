"""Everything that writes logins: invite, let in, reset, deactivate, end sessions."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from bylines.models import Contributor
from bylines.services import contributor_for
from paper.models import Section, Town
from paper.roles import Role

from . import rules
from .models import AccountEvent, Link

#: How long a link works.
LINK_DAYS = 7
#: Who comes to write: his byline is there before his first article.
WRITERS = frozenset({Role.CORRESPONDENT, Role.REPORTER})
What = AccountEvent.What


@dataclass(frozen=True, slots=True)
class Person:
    """Who is invited: names, e-mail ("" without), roles, an editor's sections, his byline.

    The byline is a contributor there is, or a new one's town and unit.
    """

    username: str
    last_name: str
    first_name: str = ""
    email: str = ""
    roles: Collection[str] = ()
    sections: Iterable[Section] = ()
    contributor: Contributor | None = None
    town: Town | None = None
    unit: str = ""


@transaction.atomic
def invite(person: Person, *, by: User | None, at: dt.datetime) -> tuple[User, str]:
    """Make a login that nobody can use yet, and the link by which its person chooses a password.

    Returns the login and the token of the link, which is kept nowhere. `by` None is the console.
    Raises PermissionDenied, ValidationError.
    """
    _take_turns(by)
    rules.require_roles(None, person.roles, by)
    person = _clean(person)
    user = User(
        username=person.username,
        last_name=person.last_name,
        first_name=person.first_name,
        email=person.email,
        is_active=False,
    )
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    user.save()
    _give_roles(user, person.roles, person.sections)
    _give_byline(user, person)
    _note(user, What.INVITED, by, at)
    return user, _new_link(user, Link.Kind.INVITE, by, at)


def _clean(person: Person, user: User | None = None) -> Person:
    """Return the facts as they are kept; raise ValidationError where another has the name."""
    username, email = rules.plain_name(person.username), person.email.strip().lower()
    rules.require_free_name(username, user)
    rules.require_free_address(email, user)
    return replace(person, username=username, email=email)


def _give_roles(user: User, roles: Collection[str], sections: Iterable[Section]) -> None:
    user.groups.set(Group.objects.filter(name__in=[Role(role).value for role in roles]))
    user.sections.set(sections if Role.EDITOR in roles else [])


def _take_turns(by: User | None) -> None:
    """Let one change of the logins follow the other, and ask anew whether `by` still may.

    Two administrators who shut each other out at once would leave the paper without one.
    """
    _wait()
    rules.require_keeper(by and User.objects.get(pk=by.pk))


def _wait() -> None:
    """Wait until nobody else changes logins: what is free now stays free in this transaction.

    The database alone would let two names that differ in capitals stand, and one address twice.
    """
    Group.objects.select_for_update().filter(name=Role.ADMINISTRATOR).first()


def _give_byline(user: User, person: Person) -> None:
    """Give the login its contributor; who comes to write gets a new one where none was chosen."""
    if person.contributor is not None:
        _link_contributor(person.contributor, user)
    elif WRITERS & set(person.roles) or person.town or person.unit:
        contributor_for(user, person.town, person.unit)


def _link_contributor(contributor: Contributor, user: User) -> None:
    """Give the contributor this login, if he has none yet."""
    if not Contributor.objects.filter(pk=contributor.pk, user=None).update(user=user):
        raise ValidationError(_("This contributor has a login already."))


def _note(user: User, what: str, by: User | None, at: dt.datetime, note: str = "") -> None:
    AccountEvent.objects.create(user=user, what=what, by=by, at=at, note=note[:200])


def _new_link(user: User, kind: str, by: User | None, at: dt.datetime) -> str:
    user.links.filter(used_at=None, revoked_at=None).update(revoked_at=at)
    token = secrets.token_urlsafe(32)
    Link.objects.create(
        user=user,
        kind=kind,
        token_sha256=_digest(token),
        made_by=by,
        made_at=at,
        expires_at=at + dt.timedelta(days=LINK_DAYS),
    )
    return token


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def new_link(user: User, *, by: User | None, at: dt.datetime) -> str:
    """Return the token of a new link for `user`; an older one works no more.

    For who was invited and never came, or forgot his password and has no e-mail address.
    """
    rules.require_keeper(by)
    user = User.objects.select_for_update().get(pk=user.pk)
    is_new = not user.has_usable_password()
    if not user.is_active and not is_new:
        raise ValidationError(_("This login is deactivated. Reactivate it first."))
    _note(user, What.LINK, by, at)
    return _new_link(user, Link.Kind.INVITE if is_new else Link.Kind.RESET, by, at)


@transaction.atomic
def revoke_links(user: User, *, by: User | None, at: dt.datetime) -> None:
    """Make the open link of `user` useless."""
    rules.require_keeper(by)
    if user.links.filter(used_at=None, revoked_at=None).update(revoked_at=at):
        _note(user, What.REVOKED, by, at)


def find_link(token: str, *, at: dt.datetime) -> Link | None:
    """Return the link of `token` if it still works at `at`."""
    link = Link.objects.select_related("user").filter(token_sha256=_digest(token)).first()
    return link if link is not None and link.is_open(at) else None


@transaction.atomic
def accept(link: Link, password: str, *, at: dt.datetime) -> User:
    """Let the person of `link` in with `password`; the link is used up, old sessions end.

    Raises ValidationError for a weak password, and where the link was used a moment before.
    """
    validate_password(password, link.user)
    user = User.objects.select_for_update().get(pk=link.user_id)
    if link.kind == Link.Kind.RESET and not user.is_active:
        raise ValidationError(_("This login is deactivated. Ask your administrator."))
    open_rows = Link.objects.filter(pk=link.pk, used_at=None, revoked_at=None, expires_at__gt=at)
    if not open_rows.update(used_at=at):
        raise ValidationError(_("This link has been used. Ask for a new one."))
    user.set_password(password)
    user.is_active = True
    user.save(update_fields=["password", "is_active"])
    _end_sessions(user)
    _note(user, What.PASSWORD, user, at)
    return user


@transaction.atomic
def reset_by_letter(user: User, password: str, *, at: dt.datetime) -> None:
    """Give `user`, who opened the link in his letter, this password; old sessions end."""
    user.set_password(password)
    user.save(update_fields=["password"])
    _end_sessions(user)
    _note(user, What.LETTER, user, at)


@transaction.atomic
def change_person(user: User, person: Person, *, by: User, at: dt.datetime) -> None:
    """Give `user` these names, this address, just these roles, and an editor his sections.

    `person.contributor` is left alone. Raises PermissionDenied, ValidationError.
    """
    _take_turns(by)
    rules.require_roles(user, person.roles, by)
    person = _clean(person, user)
    before = sorted(user.groups.values_list("name", flat=True))
    was = User.objects.get(pk=user.pk)
    user.username, user.email = person.username, person.email
    user.last_name, user.first_name = person.last_name, person.first_name
    user.full_clean(exclude=["password"])
    user.save(update_fields=["username", "email", "last_name", "first_name"])
    _give_roles(user, person.roles, person.sections)
    if before != sorted(person.roles):
        _note(user, What.ROLES, by, at, f"{'、'.join(before)} → {'、'.join(sorted(person.roles))}")
    if was.username != user.username:
        _note(user, What.NAME, by, at, f"{was.username} → {user.username}")
    if was.email != user.email:
        _forget_address(user)
        _note(user, What.ADDRESS, by, at, user.email)


@transaction.atomic
def change_address(user: User, email: str, *, at: dt.datetime) -> None:
    """Give `user`, who has shown that it is his, this e-mail address; "" for none."""
    email = email.strip().lower()
    _wait()
    rules.require_free_address(email, user)
    User.objects.filter(pk=user.pk).update(email=email)
    _forget_address(user)
    _note(user, What.ADDRESS, user, at, email)


def _forget_address(user: User) -> None:
    """Drop what the login library noted of an older address: it would still open the login."""
    EmailAddress.objects.filter(user=user).delete()


@transaction.atomic
def deactivate(user: User, *, by: User | None, at: dt.datetime) -> None:
    """Shut `user` out at once: sessions end, links are void. What he signed keeps his name."""
    _take_turns(by)
    rules.require_may_leave(user, by)
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.links.filter(used_at=None, revoked_at=None).update(revoked_at=at)
    _end_sessions(user)
    _note(user, What.DEACTIVATED, by, at)


@transaction.atomic
def reactivate(user: User, *, by: User | None, at: dt.datetime) -> None:
    """Let `user` in again with the password that he had."""
    rules.require_keeper(by)
    if not user.has_usable_password():
        raise ValidationError(_("This person has not chosen a password yet. Make a new link."))
    User.objects.filter(pk=user.pk).update(is_active=True)
    _note(user, What.REACTIVATED, by, at)


@transaction.atomic
def remove_factor(user: User, *, by: User | None, at: dt.datetime) -> None:
    """Take the second factor away that `user` has lost; he sets up a new one at his next login."""
    rules.require_keeper(by)
    Authenticator.objects.filter(user=user).delete()
    _end_sessions(user)
    _note(user, What.FACTOR_REMOVED, by, at)


@transaction.atomic
def renew_factor(user: User, secret: str, *, at: dt.datetime) -> None:
    """Put the secret of a new phone, whose first code was right, in the place of the old one.

    The recovery codes stay.
    """
    factor = Authenticator.objects.select_for_update().get(user=user, type=Authenticator.Type.TOTP)
    factor.data = {"secret": encrypt(secret)}
    factor.created_at, factor.last_used_at = at, None
    factor.save()
    _note(user, What.FACTOR_RENEWED, user, at)


def note_factor_dropped(user: User, *, at: dt.datetime) -> None:
    """Put into the record that `user` has switched his own second factor off."""
    _note(user, What.FACTOR_REMOVED, user, at)


@transaction.atomic
def end_all_sessions(user: User, *, by: User, at: dt.datetime) -> None:
    """Log `user` out everywhere."""
    rules.require_keeper(by)
    _end_sessions(user)
    _note(user, What.SESSIONS_ENDED, by, at)


def _end_sessions(user: User) -> None:
    for session in UserSession.objects.filter(user=user):
        session.end()


def end_session(user: User, pk: int) -> bool:
    """End one session of `user`'s own; return whether there was one."""
    session = UserSession.objects.filter(user=user, pk=pk).first()
    if session is not None:
        session.end()
    return session is not None
