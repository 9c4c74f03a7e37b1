"""Pictures of the pages for docs/guide.zh-CN.md, over the sample notices: python scripts/screens.py MODEL [FOLDER].

MODEL is the folder of the embedding model; pictures go to docs/screens. Needs an installed Chromium, and Pillow.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Page, sync_playwright

_ROOT = Path(__file__).parents[1]
_SCRIPT = Path(sys.executable).with_name("xianli")
_SAMPLES = _ROOT / "corpus" / "samples"
_DRAFT = _SAMPLES / "青溪区2018年法治政府建设工作安排.txt"
_WIDTH = 1100
_COLOURS = 128
_PAGES = {
    "start": ("/", 700),
    "results": ("/?q=规范性文件备案审查", 900),
    "understood": ("/?q=青溪区2018年 行政复义 红头文件", 480),
    "item": ("/items/a9f09fca2f54-017", 900),
    "compare": ("/compare?id=a9f09fca2f54-017&id=e1795ee9f212-017", 900),
    "holdings": ("/holdings", 820),
}
"""Address and height of each picture."""


def main(model: Path, folder: Path) -> None:
    """Write the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with _serving(model) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(base_url=address, viewport={"width": _WIDTH, "height": 900}, color_scheme="light")
        for name, (path, height) in _PAGES.items():
            page.goto(path)
            _picture(page, height, folder / f"{name}.png")
        page.goto("/draft")
        page.set_input_files("input[type=file]", _DRAFT)
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_selector("#items")
        _picture(page, 1000, folder / "draft.png")
        browser.close()


@contextmanager
def _serving(model: Path) -> Iterator[str]:
    with TemporaryDirectory(prefix="xianli-screens-") as data:
        variables = os.environ | {"XIANLI_DATA": data, "XIANLI_MODEL": str(model)}
        # One of the samples has no provisions, which is an exit code of 1.
        subprocess.run([_SCRIPT, "index", _SAMPLES], env=variables, check=False, stdout=subprocess.DEVNULL)
        command = [str(_SCRIPT), "serve", "--port", "0"]
        with subprocess.Popen(command, env=variables, stderr=subprocess.PIPE, text=True, encoding="utf-8") as server:
            assert server.stderr is not None
            found = re.search(r"http://[^/]+", server.stderr.readline())
            assert found, "the server did not start"
            try:
                yield found[0]
            finally:
                server.terminate()


def _picture(page: Page, height: int, path: Path) -> None:
    shot = page.screenshot(clip={"x": 0, "y": 0, "width": _WIDTH, "height": height}, full_page=True)
    Image.open(BytesIO(shot)).convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else _ROOT / "docs" / "screens")
