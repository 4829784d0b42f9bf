"""Services that write logins: invite, accept, reset, deactivate, end sessions."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from bylines.models import Contributor
from bylines.services import (
    change_login,
    contributor_for,
    display_name,
    follow_login_name,
    give_login,
    named,
    namesakes,
    own_contributor,
    same_name_message,
)
from paper.form_fields import refuse_private_characters
from paper.models import Section, Town
from paper.permissions import Role
from textkit.characters import clean_line, clean_name

from . import permissions
from .allauth_internals import encrypt
from .models import AccountEvent, Link

#: Number of days for which a link is valid.
LINK_DAYS = 7
What = AccountEvent.What


@dataclass(frozen=True, slots=True)
class Person:
    """Data of an invited person: names, e-mail or "", roles, an editor's sections, contributor.

    The contributor is an existing one, or a new one with `town` and `unit`. `is_namesake` says that
    a new one is another person than the contributors of that name.
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
    is_namesake: bool = False

    @property
    def has_place(self) -> bool:
        """Return whether the contributor has a town or a unit."""
        if self.contributor is not None:
            return bool(self.contributor.place)
        return bool(self.town or self.unit.strip())


@transaction.atomic
def invite(person: Person, *, by: User | None, at: dt.datetime) -> tuple[User, str]:
    """Create a login that is not usable yet, and the link by which its user chooses a password.

    Returns the login and the token of the link, which is not stored. `by` None stands for the
    console. The login gets its contributor at once: the chosen one, or a new one. Raises
    PermissionDenied, ValidationError.
    """
    _lock_and_authorise(by)
    permissions.require_roles(None, person.roles, by)
    permissions.require_place(person.roles, person.has_place)
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
    """Return the data in its stored form; raise ValidationError if a name is taken."""
    username, email = permissions.plain_name(person.username), clean_line(person.email).lower()
    permissions.require_free_name(username, user)
    permissions.require_free_address(email, user)
    refuse_private_characters(f"{person.last_name}{person.first_name}{person.unit}")
    return replace(
        person,
        username=username,
        email=email,
        last_name=clean_name(person.last_name),
        first_name=clean_name(person.first_name),
        unit=clean_line(person.unit),
    )


def _give_roles(user: User, roles: Collection[str], sections: Iterable[Section]) -> None:
    user.groups.set(Group.objects.filter(name__in=[Role(role).value for role in roles]))
    user.sections.set(sections if Role.EDITOR in roles else [])


def _lock_and_authorise(by: User | None) -> None:
    """Serialise changes of logins, and check again that `by` may make them.

    Otherwise two administrators could deactivate each other and leave the paper without one.
    """
    _lock_logins()
    permissions.require_login_manager(by and User.objects.get(pk=by.pk))


def _lock_logins() -> None:
    """Lock the logins for this transaction, so that a free name or address stays free.

    The database alone would allow two names that differ only in case, and one address twice.
    """
    Group.objects.select_for_update().filter(name=Role.ADMINISTRATOR).first()


def _give_byline(user: User, person: Person) -> None:
    """Give the login its contributor: the chosen one, or a new one.

    Raises ValidationError if the name exists and `person` does not say who is meant.
    """
    if person.contributor is not None:
        give_login(person.contributor, user)
        return
    others = namesakes(display_name(user))
    if others and not person.is_namesake:
        raise ValidationError(same_name_message(others))
    contributor_for(user, person.town, person.unit)


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
    """Return the token of a new link for `user`; older links become invalid.

    It is for users who never accepted an invitation, or who forgot the password and have no e-mail
    address.
    """
    permissions.require_login_manager(by)
    user = User.objects.select_for_update().get(pk=user.pk)
    is_new = not user.has_usable_password()
    if not user.is_active and not is_new:
        raise ValidationError(_("This login is deactivated. Reactivate it first."))
    _note(user, What.LINK, by, at)
    return _new_link(user, Link.Kind.INVITE if is_new else Link.Kind.RESET, by, at)


@transaction.atomic
def revoke_links(user: User, *, by: User | None, at: dt.datetime) -> None:
    """Revoke the open link of `user`."""
    permissions.require_login_manager(by)
    if user.links.filter(used_at=None, revoked_at=None).update(revoked_at=at):
        _note(user, What.REVOKED, by, at)


def find_link(token: str, *, at: dt.datetime) -> Link | None:
    """Return the link of `token` if it is valid at `at`, else None."""
    link = Link.objects.select_related("user").filter(token_sha256=_digest(token)).first()
    return link if link is not None and link.is_open(at) else None


@transaction.atomic
def accept(link: Link, password: str, *, at: dt.datetime) -> User:
    """Activate the login of `link` with `password`; the link is used up, old sessions end.

    Raises ValidationError for a weak password, and if the link has just been used.
    """
    validate_password(password, link.user)
    user = User.objects.select_for_update().get(pk=link.user_id)
    if link.kind == Link.Kind.RESET and not user.is_active:
        raise ValidationError(_("This login is deactivated. Contact your administrator."))
    open_rows = Link.objects.filter(pk=link.pk, used_at=None, revoked_at=None, expires_at__gt=at)
    if not open_rows.update(used_at=at):
        raise ValidationError(_("This link has already been used. Ask for a new one."))
    user.set_password(password)
    user.is_active = True
    user.save(update_fields=["password", "is_active"])
    _end_sessions(user)
    _note(user, What.PASSWORD, user, at)
    return user


@transaction.atomic
def reset_by_letter(user: User, password: str, *, at: dt.datetime) -> None:
    """Set the password that `user` chose through a link in an e-mail; old sessions end."""
    user.set_password(password)
    user.save(update_fields=["password"])
    _end_sessions(user)
    _note(user, What.LETTER, user, at)


@transaction.atomic
def change_person(user: User, person: Person, *, by: User, at: dt.datetime) -> None:
    """Set the names, e-mail address, roles and, for an editor, sections of `user`.

    The contributor is renamed too if it had the former name. `person.contributor` becomes the
    login's contributor; None leaves it unchanged. Raises PermissionDenied, ValidationError.
    """
    _lock_and_authorise(by)
    permissions.require_roles(user, person.roles, by)
    byline = person.contributor or own_contributor(user)
    permissions.require_place(person.roles, bool(byline.place))
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
    follow_login_name(user, display_name(was), by=by, at=at)
    if person.contributor is not None:
        _change_byline(user, person.contributor, by, at)


def _change_byline(user: User, contributor: Contributor, by: User, at: dt.datetime) -> None:
    former = contributor_for(user)
    if former.pk != contributor.pk:
        change_login(user, contributor, by=by, at=at)
        _note(user, What.BYLINE, by, at, f"{named(former)} → {named(contributor)}")


@transaction.atomic
def change_address(user: User, email: str, *, at: dt.datetime) -> None:
    """Set the e-mail address that `user` has confirmed; "" removes it."""
    email = email.strip().lower()
    _lock_logins()
    permissions.require_free_address(email, user)
    User.objects.filter(pk=user.pk).update(email=email)
    _forget_address(user)
    _note(user, What.ADDRESS, user, at, email)


def _forget_address(user: User) -> None:
    """Delete the login library's record of an older address, which would still allow a login."""
    EmailAddress.objects.filter(user=user).delete()


@transaction.atomic
def deactivate(user: User, *, by: User | None, at: dt.datetime) -> None:
    """Deactivate `user` at once: sessions end, links are revoked, signatures remain."""
    _lock_and_authorise(by)
    permissions.require_may_leave(user, by)
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.links.filter(used_at=None, revoked_at=None).update(revoked_at=at)
    _end_sessions(user)
    _note(user, What.DEACTIVATED, by, at)


@transaction.atomic
def reactivate(user: User, *, by: User | None, at: dt.datetime) -> None:
    """Reactivate `user` with the former password."""
    permissions.require_login_manager(by)
    if not user.has_usable_password():
        raise ValidationError(_("This person has not chosen a password yet. Create a new link."))
    User.objects.filter(pk=user.pk).update(is_active=True)
    _note(user, What.REACTIVATED, by, at)


@transaction.atomic
def remove_factor(user: User, *, by: User | None, at: dt.datetime) -> None:
    """Remove the lost second factor of `user`, who sets up a new one at the next login."""
    permissions.require_login_manager(by)
    Authenticator.objects.filter(user=user).delete()
    _end_sessions(user)
    _note(user, What.FACTOR_REMOVED, by, at)


@transaction.atomic
def renew_factor(user: User, secret: str, *, at: dt.datetime) -> None:
    """Replace the secret of the second factor after a correct code from a new phone.

    The recovery codes do not change.
    """
    factor = Authenticator.objects.select_for_update().get(user=user, type=Authenticator.Type.TOTP)
    factor.data = {"secret": encrypt(secret)}
    factor.created_at, factor.last_used_at = at, None
    factor.save()
    _note(user, What.FACTOR_RENEWED, user, at)


def note_factor_dropped(user: User, *, at: dt.datetime) -> None:
    """Record that `user` has removed their own second factor."""
    _note(user, What.FACTOR_REMOVED, user, at)


@transaction.atomic
def end_all_sessions(user: User, *, by: User, at: dt.datetime) -> None:
    """End all sessions of `user`."""
    permissions.require_login_manager(by)
    _end_sessions(user)
    _note(user, What.SESSIONS_ENDED, by, at)


def _end_sessions(user: User) -> None:
    for session in UserSession.objects.filter(user=user):
        session.end()


def end_session(user: User, pk: int) -> bool:
    """End the session `pk` of `user`; return whether it existed."""
    session = UserSession.objects.filter(user=user, pk=pk).first()
    if session is not None:
        session.end()
    return session is not None
