"""Real parts that some tests need: an embedding model, a browser, a server."""

import os
from typing import NoReturn

import pytest


def require(part: str, reason: str) -> NoReturn:
    """End the test because `part` is missing, for `reason`: skipped, or failed where XIANLI_REQUIRE_ALL is set.

    A developer without a browser still gets an answer from the suite; a run that vouches for everything sets the
    variable, so that nothing goes untested in silence.
    """
    message = f"{part} is missing: {reason}"
    if os.environ.get("XIANLI_REQUIRE_ALL", "") not in ("", "0"):
        pytest.fail(f"{message} (XIANLI_REQUIRE_ALL is set)", pytrace=False)
    pytest.skip(message)
