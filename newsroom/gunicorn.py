"""The server's settings, the same in the demo and in production."""

from newsroom import env

workers = env.number("NEWSROOM_WORKERS", 2, least=1, most=64)
threads = env.number("NEWSROOM_THREADS", 4, least=1, most=64)
worker_class = "gthread"
preload_app = True
# A worker that leaks is replaced before anybody notices.
max_requests, max_requests_jitter = 5000, 500
timeout, graceful_timeout, keepalive = 60, 20, 5
accesslog = env.text("NEWSROOM_ACCESS_LOG") or None
loglevel = "warning"
