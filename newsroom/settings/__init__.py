"""Settings of a running paper, all from the environment; docs/operations.md lists the names.

`./run check` reports wrong values (see `newsroom.env`). Importing the settings creates nothing:
`newsroom.data_folder` creates what a paper needs on the disk, and `migrate` and `serve` call it.
The tests run with `newsroom.settings.testing`.
"""

from . import base, desk, reader
from .base import *  # noqa: F403
from .desk import *  # noqa: F403
from .reader import *  # noqa: F403
from .security import *  # noqa: F403

CACHES = base.CACHES | desk.caches | reader.caches
