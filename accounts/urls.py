"""URL configuration of the user's own login, under /desk/account/."""

from allauth.account import views as library
from django.contrib.admin import site
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from .views import account, second_factor

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", site.logout, name="account_logout"),
    path("account/", site.admin_view(account.account), name="accounts_mine"),
    path("account/link/<str:token>/", account.link, name="accounts_link"),
    path(
        "account/sessions/<int:pk>/end/",
        site.admin_view(account.end_session),
        name="accounts_end_session",
    ),
    path(
        "account/sessions/others/end/",
        site.admin_view(account.end_others),
        name="accounts_end_others",
    ),
    path("account/address/", site.admin_view(account.address), name="accounts_address"),
    path("account/address/<str:token>/", site.admin_view(account.confirm), name="accounts_confirm"),
    path("account/inactive/", library.account_inactive, name="account_inactive"),
    path("account/again/", library.reauthenticate, name="account_reauthenticate"),
    path("account/reset/", library.password_reset, name="account_reset_password"),
    path("account/reset/sent/", library.password_reset_done, name="account_reset_password_done"),
    path(
        "account/reset/done/",
        library.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^account/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        library.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("account/factor/phone/", second_factor.new_phone, name="accounts_new_phone"),
    # A separate view would show nothing beyond the account view.
    path("account/factor/", RedirectView.as_view(pattern_name="accounts_mine"), name="factor"),
    path("account/factor/", include("allauth.mfa.urls")),
    # The library's templates link to these; this site has no sign-up and no further addresses.
    path("account/signup/", account.closed, name="account_signup"),
    path("account/email/", account.closed, name="account_email"),
]
