"""The page's server: nothing is published but the page, and nobody is called."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import socket, sys
asked = []
real = socket.getaddrinfo
def noted(host, *arguments, **options):
    if host not in (None, "127.0.0.1", "localhost", "::1", "0.0.0.0"):
        asked.append(host)
        raise OSError("no network")
    return real(host, *arguments, **options)
socket.getaddrinfo = noted
import warnings
from pathlib import Path
from assistant.app.build import build_assistant
from assistant.app.identity import Desk
from assistant.app.ui.serve import launch_page
from assistant.settings import Settings
from assistant.store.open import open_store
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
settings = Settings(database=Path(sys.argv[1]), port=port)
store = open_store()
page = launch_page(Desk(build_assistant(settings, store=store), store), settings)
import json, time, urllib.request
time.sleep(2)
info = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/gradio_api/info"))
print(asked, info["named_endpoints"], info["unnamed_endpoints"])
page.close()
"""


def test_no_name_is_looked_up_and_no_endpoint_published(bank_file: Path) -> None:
    found = subprocess.run([sys.executable, "-c", SCRIPT, str(bank_file)], capture_output=True, text=True, timeout=180, check=False)
    assert found.returncode == 0, found.stderr[-2000:]
    assert found.stdout.splitlines()[0] == "[] {} {}"
