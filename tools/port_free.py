"""Exit with 0 if nothing listens on HOST PORT, else 1."""

import socket
import sys

with socket.socket() as probe:
    probe.settimeout(1)
    sys.exit(probe.connect_ex((sys.argv[1], int(sys.argv[2]))) == 0)
