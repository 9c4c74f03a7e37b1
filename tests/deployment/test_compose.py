"""docker-compose.yml, as far as it can be checked without a container engine."""

import re
import stat
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from search_api.cli import COMMANDS
from search_api.settings import Settings
from tests.deployment.compose import COMPOSE, PROJECT, composed, services

SERVICES = sorted(services())
OWN = sorted(name for name, service in services().items() if "build" in service)
RUNNING_ON = sorted(name for name, service in services().items() if service["restart"] != "no")


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Each service in turn."""
    return services()[request.param]


def test_it_keeps_to_the_compose_specification() -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", COMPOSE],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


def test_images_are_of_one_version(service: dict[str, Any]) -> None:
    assert re.fullmatch(r"[a-z]+:\d+\.\d+\.\d+", service["image"])


def test_the_image_is_named_after_the_version_of_the_project() -> None:
    version = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"]
    assert {services()[name]["image"] for name in OWN} == {f"xianli:{version}"}


def test_elasticsearch_is_the_one_that_tests_run_against() -> None:
    (tested,) = re.findall(r'^VERSION = "([\d.]+)"', (PROJECT / "scripts" / "elasticsearch").read_text(), re.M)
    composed_of = {service["image"] for service in services().values() if service["image"].startswith("elasticsearch:")}
    documented = set(re.findall(r"elasticsearch:\d[\d.]*\d", (PROJECT / "docs" / "deployment.md").read_text()))
    assert composed_of == documented == {f"elasticsearch:{tested}"}


def test_every_service_has_limits(service: dict[str, Any]) -> None:
    assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory", "pids"}


def test_elasticsearch_leaves_half_of_its_memory_to_the_system() -> None:
    elasticsearch = services()["elasticsearch"]
    least, most = re.findall(r"-Xm[sx](\d+)g", elasticsearch["environment"]["ES_JAVA_OPTS"])
    assert least == most
    assert elasticsearch["deploy"]["resources"]["limits"]["memory"] == f"{2 * int(most)}g"


def test_what_runs_on_has_a_health_check_and_comes_back(service: dict[str, Any]) -> None:
    if service["restart"] == "no":
        assert service["healthcheck"] == {"disable": True}
    else:
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"].keys() >= {"test", "interval", "timeout", "start_period", "retries"}


def test_a_service_can_do_no_more_than_it_must(service: dict[str, Any]) -> None:
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["cap_drop"] == ["ALL"]
    assert not service.keys() & {"privileged", "cap_add", "network_mode", "pid", "ipc"}
    # Elasticsearch keeps its keystore beside its settings.
    assert service.get("read_only", False) == ("ELASTIC_PASSWORD_FILE" not in service.get("environment", {}))


def test_logs_are_bounded(service: dict[str, Any]) -> None:
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}


def test_only_this_machine_reaches_the_page() -> None:
    published = [port for service in services().values() for port in service.get("ports", [])]
    assert len(published) == 2
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_elasticsearch_is_reached_by_its_own_network_alone() -> None:
    assert composed()["networks"]["index"]["internal"]
    for name in ("elasticsearch", "elasticsearch-users"):
        assert services()[name]["networks"] == ["index"]
        assert "ports" not in services()[name]


def test_what_services_use_is_declared_and_what_is_declared_is_used() -> None:
    used: dict[str, set[str]] = {"volumes": set(), "secrets": set(), "networks": {"default"}}
    for service in services().values():
        used["volumes"] |= {volume.partition(":")[0] for volume in service.get("volumes", []) if volume[0] not in "./$"}
        used["secrets"] |= set(service.get("secrets", []))
        used["networks"] |= set(service.get("networks", []))
    assert used == {kind: set(composed()[kind]) for kind in used}


def test_a_secret_that_is_read_is_given(service: dict[str, Any]) -> None:
    named = re.findall(r"/run/secrets/([a-z-]+)", str([service.get("environment"), service["healthcheck"]]))
    assert set(named) <= set(service.get("secrets", []))


def test_files_that_it_names_are_there() -> None:
    for service in services().values():
        if "build" in service:
            assert (PROJECT / service["build"] / "Dockerfile").is_file()
        for volume in service.get("volumes", []):
            path = re.sub(r"^\$\{\w+:-(.*?)\}", r"\1", volume).partition(":")[0]
            assert not path.startswith(".") or (PROJECT / path).exists(), path


def test_passwords_are_made_where_it_wants_them_and_kept(tmp_path: Path) -> None:
    command = [PROJECT / "scripts" / "passwords", tmp_path / "secrets"]
    subprocess.run(command, check=True)
    made = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert {f"./secrets/{name}" for name in made} == {secret["file"] for secret in composed()["secrets"].values()}
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{32}", password) for password in made.values())
    assert len(set(made.values())) == len(made)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "secrets").iterdir()}
    assert modes == {"elastic-password": 0o600, "reader-password": 0o644, "builder-password": 0o644}
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    subprocess.run(command, check=True)
    assert made == {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}


@pytest.mark.parametrize("name", OWN)
def test_settings_and_commands_are_real_ones(name: str) -> None:
    known = {f"XIANLI_{field.upper()}" for field in Settings.model_fields}
    assert services()[name].get("environment", {}).keys() <= known
    assert services()[name]["command"][0] in COMMANDS


def test_variables_of_the_file_are_documented() -> None:
    variables = set(re.findall(r"\$\{(\w+)", COMPOSE.read_text()))
    assert variables
    documented = (PROJECT / "docs" / "deployment.md").read_text()
    assert {name for name in variables if f"`{name}`" not in documented} == set()


def test_what_a_service_waits_for_starts_with_it(service: dict[str, Any]) -> None:
    for name, condition in service.get("depends_on", {}).items():
        awaited = services()[name]
        assert set(service["profiles"]) <= set(awaited["profiles"])
        ready = "service_healthy" if name in RUNNING_ON else "service_completed_successfully"
        assert condition == {"condition": ready}
