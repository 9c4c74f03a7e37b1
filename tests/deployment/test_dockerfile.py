"""The Dockerfile: what it takes from the project is there, and what it leaves in the image is little."""

import re
from fnmatch import fnmatch

from search_api.settings import Settings
from tests.deployment.compose import PROJECT

DOCKERFILE = (PROJECT / "Dockerfile").read_text().replace("\\\n", " ")
STAGES = re.split(r"^(?=FROM )", DOCKERFILE, flags=re.M)[1:]
LAST = STAGES[-1]


def test_what_it_copies_is_there_and_not_ignored() -> None:
    copied = [path for paths in re.findall(r"^COPY (?!--)(.*) \S+$", DOCKERFILE, flags=re.M) for path in paths.split()]
    allowed = [line[1:] for line in (PROJECT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert copied
    assert sorted(copied) == sorted(allowed)
    assert all((PROJECT / path).exists() for path in copied)


def test_nothing_is_installed_but_by_the_steps_that_are_tested() -> None:
    steps = re.findall(r"^RUN (.*)$", DOCKERFILE, flags=re.M)
    assert "scripts/image environment /" in steps
    assert "scripts/image model /" in steps
    assert not any(re.search(r"\bpip\b", step) for step in steps)


def test_images_that_it_starts_from_name_their_version() -> None:
    bases = {base for base in re.findall(r"^FROM (\S+)", DOCKERFILE, flags=re.M) if ":" in base}
    assert bases == {"python:3.11-slim-bookworm"}


def test_the_last_stage_has_no_tools_and_no_root() -> None:
    assert not re.search(r"apt-get|maven|pip |COPY (?!--from=)", LAST)
    assert re.search(r"^USER [1-9]\d+$", LAST, flags=re.M)
    assert 'ENTRYPOINT ["xianli"]' in LAST


def test_variables_that_it_sets_are_settings() -> None:
    known = {f"XIANLI_{field.upper()}" for field in Settings.model_fields}
    assert set(re.findall(r"\b(XIANLI_\w+)=", LAST)) == {"XIANLI_DATA", "XIANLI_MODEL"} <= known


def test_tests_and_caches_do_not_reach_the_builder() -> None:
    lines = (PROJECT / ".dockerignore").read_text().splitlines()
    assert "*" in lines
    assert any(fnmatch("corpus/__pycache__", line) for line in lines if not line.startswith(("!", "#")) and line != "*")
