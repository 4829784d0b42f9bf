"""What the apps above are told: they know of articles, articles know nothing of them."""

from django.dispatch import Signal

#: Sent inside the transaction of each move with `article`, as it stands now, and its log `entry`.
article_moved = Signal()
