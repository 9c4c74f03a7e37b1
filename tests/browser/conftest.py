"""A real Chromium on the real server over the sample notices."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.requirements import require

SCRIPT = Path(sys.executable).parent / "xianli"
SAMPLES = Path(__file__).parents[2] / "corpus" / "samples"

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page, *rules: str) -> list[str]:
    """Each rule of accessibility that a page breaks, with what breaks it; of all rules, or of some by name."""
    wanted = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    found = Axe().run(page, options={"runOnly": wanted}).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The installed Chromium; nothing is downloaded."""
    installed = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if installed is None:
        require("Chromium", "no chromium, chromium-browser or google-chrome on PATH")
    with sync_playwright() as playwright:
        # No sandbox, because containers run the tests as root.
        browser = playwright.chromium.launch(executable_path=installed, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def serving(data: Path, *notices: Path) -> Iterator[str]:
    """The address of a running server that holds `notices`, without the last slash."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("XIANLI_")}
    variables = own | {"XIANLI_DATA": str(data), "LC_ALL": "C.UTF-8"}
    subprocess.run([SCRIPT, "index", *notices], env=variables, capture_output=True, check=False)
    server = subprocess.Popen(
        [SCRIPT, "serve", "--port", "0"], env=variables, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    try:
        assert server.stderr is not None
        found = re.search(r"http://\S+(?=/)", server.stderr.readline())
        assert found
        yield found[0]
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server that holds the samples, without the last slash."""
    with serving(tmp_path_factory.mktemp("site"), SAMPLES) as address:
        yield address


@pytest.fixture
def page(chromium: Browser, site: str) -> Iterator[Page]:
    """A page at the site's start; errors in its console fail the test."""
    context = chromium.new_context(base_url=site, permissions=["clipboard-read", "clipboard-write"])
    page, errors = context.new_page(), list[str]()
    page.on("console", lambda entry: errors.append(entry.text) if entry.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("/")
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def plain_page(chromium: Browser, site: str) -> Iterator[Page]:
    """A page without JavaScript, at the site's start."""
    context = chromium.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    yield page
    context.close()
