"""The built site on a server of its own, in a real Chromium."""

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Response, expect

from tests.conftest import Project

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
CHROMIUM = next((path for name in NAMES if (path := shutil.which(name))), None)
expect.set_options(timeout=30_000)  # on a slow day a page takes long, and is not wrong


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if CHROMIUM is None and os.environ.get("ATTNCUES_BROWSER") != "required":
        reason = (
            f"no Chromium found (looked for {', '.join(NAMES)}); on Debian: apt install chromium"
        )
        here = Path(__file__).parent
        for item in items:
            if here in item.path.parents:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    assert CHROMIUM, "ATTNCUES_BROWSER=required is set, but there is no Chromium"
    quiet = ["background-networking", "component-update", "sync", "quic", "gpu"]
    return {
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--no-first-run",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # no other host is there
            *(f"--disable-{name}" for name in quiet),
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Ask for no motion, as some readers do: what moves would have to be waited for."""
    return {**browser_context_args, "reduced_motion": "reduce"}


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="session")
def address(built: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the built site is served: below a folder, as `SITE_URL` says it will be."""
    root = tmp_path_factory.mktemp("served")
    (root / "cues").symlink_to(built.site)
    handler = functools.partial(_Quiet, directory=root)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/cues/"
    server.shutdown()
    thread.join()
    server.server_close()


class Watch:
    """What went wrong in a browser, and what it loaded."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.foreign: list[str] = []
        self.errors: list[str] = []
        self.responses: list[Response] = []
        self.address = address
        # On the context, so that requests of workers are seen, too.
        context.on("request", self._request)
        context.on("page", self._page)

    @property
    def addresses(self) -> list[str]:
        """The addresses of all that was loaded."""
        return list(dict.fromkeys(response.url for response in self.responses))

    def bodies(self) -> dict[str, bytes]:
        """What was loaded, by address; a browser forgets it with the page that needed it."""
        return {response.url: response.body() for response in self.responses}

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.foreign.append(request.url)

    def _page(self, page: Page) -> None:
        def console(message: Any) -> None:
            if message.type in ("error", "warning"):
                self.errors.append(f"{page.url}: {message.text}")

        page.on("console", console)
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._response)

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # as when the reader goes on meanwhile
            self.errors.append(f"failed: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.errors.append(f"{response.status}: {response.url}")
        elif response.url.startswith(self.address):
            self.responses.append(response)


@pytest.fixture
def watch(context: BrowserContext, address: str) -> Watch:
    """Ask for this before `page`, so that it sees everything."""
    return Watch(context, address)
