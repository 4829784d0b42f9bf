"""The server's settings, the same in the demo and in production."""

import os

workers = int(os.environ.get("NEWSROOM_WORKERS", "2"))
threads = int(os.environ.get("NEWSROOM_THREADS", "4"))
worker_class = "gthread"
preload_app = True
# A worker that leaks is replaced before anybody notices.
max_requests, max_requests_jitter = 5000, 500
timeout, graceful_timeout, keepalive = 60, 20, 5
accesslog = os.environ.get("NEWSROOM_ACCESS_LOG") or None
loglevel = "warning"
