"""How gunicorn serves the site: where it listens, with how many workers, whom it trusts."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from django.core.exceptions import ImproperlyConfigured

try:
    from catalog import environment, settings, start

    workers = start.worker_count()
    threads = environment.threads()
    _port = start.listening_port()
except ImproperlyConfigured as error:
    # Said here, once, by the parent: a worker would fail with a traceback, again and again.
    sys.exit(f"Wrong setting: {error}")

_host = start.listening_host()
bind = f"[{_host}]:{_port}" if ":" in _host else f"{_host}:{_port}"
wsgi_app = "catalog.wsgi"
worker_class = "gthread"
# Each worker starts on its own, so that HUP brings in new code and settings.
preload_app = False
timeout = 60
graceful_timeout = 30
keepalive = 5
# A worker's sign of life must not wait for a slow disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None
control_socket_disable = True
# The most that gunicorn allows. A list of many chosen filters and 200 characters of words, each up to
# twelve bytes in an address, stays below it; a longer line is answered 414 before the site sees it.
limit_request_line = 8190
# Forwarded headers count only where a proxy is said to stand in front.
forwarded_allow_ips = "127.0.0.1,::1" if settings.HAS_PROXY else ""
forwarder_headers = ""
accesslog = None
errorlog = "-"
loglevel = "info" if settings.DEBUG else "warning"


def when_ready(server: object) -> None:
    """Print the address once the site listens."""
    shown = "127.0.0.1" if _host in {"0.0.0.0", "::"} else bind.rpartition(":")[0]
    print(f"The catalog is at http://{shown}:{_port}/ (stop it with Ctrl-C)", flush=True)
