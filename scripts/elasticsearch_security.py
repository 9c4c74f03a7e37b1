"""What scripts/elasticsearch adds for nodes that are started with `--secure`: certificates, a password, users and API keys."""

import base64
import json
import secrets
import shutil
import ssl
import subprocess
import tempfile
import urllib.request
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

USER = "elastic"
ANALYSIS = Path(__file__).resolve().parent / "elasticsearch_analysis"
# Elasticsearch keeps users, roles and API keys in an index whose mapping names these, for the email addresses of users. The
# small build lacks them, and addresses are not searched here: they may split and change nothing.
COMPONENTS = {
    "org.elasticsearch.plugin.analysis.TokenFilterFactory": {
        "pattern_capture": "xianli.Unchanged",
        "unique": "xianli.Unchanged",
    },
    "org.elasticsearch.plugin.analysis.TokenizerFactory": {"uax_url_email": "xianli.Whole"},
}
GET_JDK = "Install one (Debian 13, Ubuntu 24.04: apt-get install openjdk-21-jdk-headless) or name it in ES_JAVA_HOME."


class Failure(Exception):
    """What went wrong, and what to do."""


class Security:
    """What the nodes in `folder` trust and are asked with: an authority's certificate, and the password of USER."""

    def __init__(self, folder: Path) -> None:
        self.authority = folder / "ca.pem"
        self.password = folder / "password"

    @property
    def is_on(self) -> bool:
        """Whether the nodes were started with it."""
        return self.password.exists()

    def settings(self) -> dict[str, object]:
        """Settings of a node; what they name is made by `create`."""
        settings: dict[str, object] = {}
        for layer in ("http", "transport"):
            settings[f"xpack.security.{layer}.ssl.enabled"] = True
            settings[f"xpack.security.{layer}.ssl.key"] = "node.key"
            settings[f"xpack.security.{layer}.ssl.certificate"] = "node.pem"
            settings[f"xpack.security.{layer}.ssl.certificate_authorities"] = [self.authority.name]
        return settings

    def create(self, configurations: Sequence[Path], build: Path, variables: Mapping[str, str]) -> None:
        """Make an authority, the nodes' certificate and the password, in the folders with the configuration of each node.

        `variables` are the environment of the first node.
        """
        first, *others = configurations
        key = self.authority.with_suffix(".key")
        certify("xianli test authority", self.authority, key, "basicConstraints=critical,CA:TRUE")
        # Not for `localhost`: a name that a certificate lacks is to be refused, and here is one.
        signed = ["-CA", str(self.authority), "-CAkey", str(key)]
        certify("xianli test node", first / "node.pem", first / "node.key", "subjectAltName=IP:127.0.0.1", *signed)
        key.unlink()
        shutil.copy(self.authority, first)
        password = secrets.token_urlsafe(24)
        keep_password(password, build, variables)
        for other in others:
            for name in (self.authority.name, "node.pem", "node.key", "elasticsearch.keystore"):
                shutil.copy(first / name, other)
        self.password.touch(0o600)
        self.password.write_text(password)

    def sign(self, request: urllib.request.Request) -> ssl.SSLContext:
        """Add user and password to a request, and say which certificates to trust."""
        credentials = f"{USER}:{self.password.read_text()}".encode()
        request.add_header("Authorization", f"Basic {base64.b64encode(credentials).decode()}")
        return ssl.create_default_context(cafile=self.authority)


def certify(name: str, certificate: Path, key: Path, extension: str, *more: str) -> None:
    """Make a key and a certificate of it, signed by itself unless `more` says by whom."""
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    command += ["-days", "30", "-subj", f"/CN={name}", "-addext", extension]
    command += ["-keyout", str(key), "-out", str(certificate), *more]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise Failure("certificates are made with openssl, and there is none on PATH. Install OpenSSL 3.") from None
    if done.returncode:
        raise Failure(f"openssl made no certificate (version 3 or newer is needed):\n{done.stderr}".rstrip())


def keep_password(password: str, build: Path, variables: Mapping[str, str]) -> None:
    """Tell a node the password by way of its keystore; on a command line everybody could read it."""
    done = subprocess.run(
        [build / "bin" / "elasticsearch-keystore", "add", "--force", "--stdin", "bootstrap.password"],
        env=variables,
        input=password,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Failure(f"the password was not taken:\n{done.stdout}{done.stderr}".rstrip())


def add_analysis(build: Path, version: str, java: Path) -> None:
    """Give a build the analysis that the index of users and API keys names, unless it has it."""
    plugin = build / "plugins" / "xianli-analysis"
    compiler = java / "bin" / "javac"
    if plugin.exists():
        return
    if not compiler.exists():
        raise Failure(f"a secured node needs a JDK, and {java} has no compiler. {GET_JDK}")
    with tempfile.TemporaryDirectory(dir=build.parent) as folder:
        made = Path(folder) / plugin.name
        made.mkdir()
        classes = Path(folder) / "classes"
        command: list[str | Path] = [
            compiler,
            "--release",
            "21",
            "-cp",
            build / "lib" / "*",
            "-d",
            classes,
            *ANALYSIS.glob("*.java"),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Failure(f"{ANALYSIS} was not compiled:\n{done.stderr}".rstrip())
        with zipfile.ZipFile(made / f"{plugin.name}.jar", "w") as archive:
            for file in classes.rglob("*.class"):
                archive.write(file, file.relative_to(classes))
        (made / "named_components.json").write_text(json.dumps(COMPONENTS))
        described = {
            "name": plugin.name,
            "description": "analysis of users' addresses",
            "version": version,
            "elasticsearch.version": version,
            "java.version": "21",
        }
        lines = (f"{name}={value}\n" for name, value in described.items())
        (made / "stable-plugin-descriptor.properties").write_text("".join(lines))
        for path in (made, *made.iterdir()):
            path.chmod(0o755 if path.is_dir() else 0o644)
        made.rename(plugin)
