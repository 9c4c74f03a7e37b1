"""Three real nodes, each of which can be lost, held up and brought back."""

import os
import signal
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Self

from elasticsearch import Elasticsearch

from indexer.index.elasticsearch.documents import STATE_ID
from tests.requirements import require
from tests.servers import CACHE, SCRIPT

_READY_SECONDS = 60


class Nodes:
    """A cluster of three nodes. Its nodes are called as Elasticsearch calls them: node-1, node-2, node-3."""

    names = ("node-1", "node-2", "node-3")

    def __init__(self) -> None:
        for left in CACHE.glob("nodes-*"):
            if not Path("/proc", left.name.removeprefix("nodes-")).exists():  # whoever ran them was killed
                self._script("stop", left)
        self._folder = CACHE / f"nodes-{os.getpid()}"
        self._paused: set[str] = set()

    def __enter__(self) -> Self:
        started = self._script("start", self._folder, "--nodes", "3")
        if started.returncode:
            require("Elasticsearch of three nodes", started.stderr.strip())
        self.addresses = started.stdout.split()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in list(self._paused):
            self.resume(name)
        self._script("stop", self._folder)

    @property
    def address(self) -> str:
        """One address of all three."""
        return "http://" + ",".join(address.removeprefix("http://") for address in self.addresses)

    def client(self) -> Elasticsearch:
        """A client that knows all three."""
        return Elasticsearch(self.addresses, request_timeout=_READY_SECONDS)

    def master(self) -> str:
        """The node that is the elected master."""
        with self.client() as client:
            return str(client.cat.master(h="node")).strip()

    def holding_state(self, index: str) -> list[str]:
        """The nodes with a copy of the state of this index, that with the primary one first."""
        with self.client() as client:
            found = client.search_shards(index=index, routing=STATE_ID)
        copies = sorted(found["shards"][0], key=lambda copy: not copy["primary"])
        return [found["nodes"][copy["node"]]["name"] for copy in copies]

    def lose(self, name: str) -> None:
        """Kill a node, as a machine does that loses power."""
        os.kill(self._process(name), signal.SIGKILL)

    def pause(self, name: str) -> None:
        """Let a node do nothing while its connections stay, as one does that is in trouble with its memory or disk."""
        os.kill(self._process(name), signal.SIGSTOP)
        self._paused.add(name)

    def resume(self, name: str) -> None:
        """Let it go on, if it is held up."""
        if name in self._paused:
            os.kill(self._process(name), signal.SIGCONT)
            self._paused.discard(name)

    def mend(self) -> None:
        """Bring back what was lost, with its data, and wait until every shard has all its copies."""
        script = _script_module()
        build, java = script.distribution(script.VERSION), script.java_home()
        lost = [node for node in map(script.Node, sorted(self._folder.glob("node-*"))) if not node.is_running]
        for launched in [node.launch(build, java) for node in lost]:
            assert launched.wait() == 0
        with self.client() as client:
            client.cluster.health(
                wait_for_nodes="3", wait_for_status="green", wait_for_no_relocating_shards=True, timeout="60s"
            )

    def _process(self, name: str) -> int:
        return int((self._folder / name / "pid").read_text())

    @staticmethod
    def _script(command: str, folder: Path, *more: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run([SCRIPT, command, "--folder", folder, *more], capture_output=True, text=True, check=False)


def _script_module() -> ModuleType:
    """scripts/elasticsearch as a module: it has no command for one node of several."""
    loader = SourceFileLoader("elasticsearch_script", str(SCRIPT))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    sys.path.insert(0, str(SCRIPT.parent))  # where it finds its other part, as when it is run
    try:
        loader.exec_module(module)
    finally:
        sys.path.pop(0)
    return module
