"""Election of the one runner of an installation, by a lease that expires unless renewed."""

from __future__ import annotations

import datetime as dt

from ..models import RunnerLease

#: Name of the only lease.
OUTBOX = "outbox"
#: Time without a renewal after which another process takes over.
LEASE = dt.timedelta(seconds=60)


def hold_lease(holder: str, at: dt.datetime) -> bool:
    """Take or renew the lease for `holder`; return whether it is elected at `at`.

    It writes nothing while another holder's lease is valid, or in the first half of this holder's.
    """
    expires_at = at + LEASE
    lease, is_new = RunnerLease.objects.get_or_create(
        name=OUTBOX, defaults={"holder": holder, "expires_at": expires_at}
    )
    if is_new:
        return True
    if lease.holder != holder and lease.expires_at > at:
        return False
    if lease.holder == holder and lease.expires_at > at + LEASE / 2:
        return True
    seen = RunnerLease.objects.filter(name=OUTBOX, holder=lease.holder, expires_at=lease.expires_at)
    return bool(seen.update(holder=holder, expires_at=expires_at))
