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
from playwright.sync_api import Browser, Page, sync_playwright

from tests.requirements import require

SCRIPT = Path(sys.executable).parent / "xianli"
SAMPLES = Path(__file__).parents[2] / "corpus" / "samples"

# Least contrast of a text with what is painted behind it, by element and class; WCAG 2 counts it so.
CONTRASTS = """() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const linear = (x) => (x /= 255) <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
  const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const behind = (e) => { for (; e; e = e.parentElement) {
    const colour = parts(getComputedStyle(e).backgroundColor);
    if (colour.length < 4 || colour[3] > 0) return colour; } return [255, 255, 255]; };
  const least = {}, walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    if (!node.data.trim()) continue;
    const e = node.parentElement, key = e.tagName + "." + e.className;
    const [low, high] = [luminance(parts(getComputedStyle(e).color)), luminance(behind(e))].sort((a, b) => a - b);
    least[key] = Math.min(least[key] ?? 21, (high + 0.05) / (low + 0.05));
  }
  return least; }"""


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
