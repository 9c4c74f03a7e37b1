"""Many users at once on a running server: python -m benchmarks.load INDEX MODEL [--users 50] [--seconds 300] [--page].

Starts `xianli serve` over INDEX with its defaults and lets each user search once a second, the API or with --page the search page,
on a connection kept open: words put together at random, common ones more often, some asked as questions, with filters, or pasted as
whole provisions. Some come again, as they do in an office; how many is told. A search counts from the moment when it was due, so that
one that waits for those before it counts in full. Times are milliseconds; memory is what the server's process holds (RSS).
"""

import argparse
import asyncio
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2
import numpy as np

from benchmarks.query_cost import FILTERED, QUESTIONS
from benchmarks.synthetic import provision, sentence
from search_api.filter_values import write_filters

_SCRIPT = Path(sys.executable).with_name("xianli")
_WARMING = 5
"""Seconds before what is measured."""
_IDLE = 0.2
"""Seconds of a processor within _EVERY."""
_EVERY = 5
"""Seconds between two readings of the memory."""
_SHARES = {"typed": 0.73, "with filters": 0.15, "question": 0.1, "pasted": 0.02}


@dataclass(frozen=True, slots=True)
class Asked:
    """A search that was answered: its kind, words and status, and the milliseconds from when it was due until first and last byte."""

    kind: str
    query: str
    status: int
    first_byte: float
    whole: float
    size: int


def main() -> None:
    """Measure and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("index", type=Path)
    arguments.add_argument("model", type=Path)
    arguments.add_argument("--users", type=int, default=50)
    arguments.add_argument("--seconds", type=int, default=300)
    arguments.add_argument("--page", action="store_true")
    given = arguments.parse_args()
    with _server(given.index, given.model) as (address, process):
        path = "/" if given.page else "/api/v1/search"
        _settle(process)
        asyncio.run(_load(f"{address}{path}", given.users, _WARMING))
        memory = [_resident(process)]
        asked = asyncio.run(_load(f"{address}{path}", given.users, given.seconds, process, memory))
    _print(asked, memory, given.users * given.seconds)


@contextmanager
def _server(index: Path, model: Path) -> Iterator[tuple[str, int]]:
    """A running server: its address and the number of its process."""
    with TemporaryDirectory(prefix="xianli-benchmark-") as data:
        variables = os.environ | {"XIANLI_DATA": data, "XIANLI_INDEX": str(index), "XIANLI_MODEL": str(model)}
        command = [str(_SCRIPT), "serve", "--port", "0"]
        with subprocess.Popen(command, env=variables, stderr=subprocess.PIPE, text=True, encoding="utf-8") as server:
            assert server.stderr is not None
            found = re.search(r"http://[^/]+", server.stderr.readline())
            assert found, "the server did not start"
            try:
                while httpx2.get(f"{found[0]}/readyz").status_code != 200:
                    time.sleep(0.2)
                yield found[0], server.pid
            finally:
                server.terminate()


def _settle(process: int) -> None:
    """Wait until a server that has started has nothing to do: it makes suggestions at first."""
    before = -1.0
    while (now := _processor_seconds(process)) - before > _IDLE:
        before = now
        time.sleep(_EVERY)


async def _load(
    address: str, users: int, seconds: int, process: int | None = None, memory: list[int] | None = None
) -> list[Asked]:
    """What every user got; readings of the memory of `process` are added to `memory`."""
    asked: list[Asked] = []
    reading = asyncio.create_task(_read_memory(process, memory)) if process and memory else None
    start = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for user in range(users):
            group.create_task(_use(address, random.Random(start + user), start + user / users, seconds, asked))
    if reading:
        reading.cancel()
    return asked


async def _use(address: str, chance: random.Random, start: float, seconds: int, asked: list[Asked]) -> None:
    async with httpx2.AsyncClient(timeout=60, headers={"Accept": "text/html, application/json"}) as client:
        for number in range(seconds):
            due = start + number
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            kind, parameters = _search(chance)
            status, size, first = 0, 0, 0.0
            with suppress(httpx2.HTTPError):
                async with client.stream("GET", address, params=tuple(parameters)) as answer:
                    first = (time.perf_counter() - due) * 1000
                    size = len(await answer.aread())
                    status = answer.status_code
            asked.append(Asked(kind, str(parameters), status, first, (time.perf_counter() - due) * 1000, size))


def _search(chance: random.Random) -> tuple[str, list[tuple[str, str]]]:
    """A kind of search, and its parameters."""
    kind = chance.choices(list(_SHARES), list(_SHARES.values()))[0]
    words = sentence(chance, chance.randint(1, 3))
    match kind:
        case "question":
            words = f"{words}，{chance.choice(QUESTIONS)}"
        case "pasted":
            words = provision(chance, 14, 24)
        case "with filters":
            chosen = write_filters(chance.choice(FILTERED)[1])
            return kind, [("q", words), *((name, value) for name, values in chosen.items() for value in values)]
    return kind, [("q", words)]


async def _read_memory(process: int, memory: list[int]) -> None:
    while True:
        await asyncio.sleep(_EVERY)
        memory.append(_resident(process))


def _processor_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident(process: int) -> int:
    """Megabytes in memory."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    found = re.search(r"VmRSS:\s+(\d+)", status)
    assert found
    return int(found[1]) // 1024


def _print(asked: Sequence[Asked], memory: Sequence[int], expected: int) -> None:
    failed = [one for one in asked if one.status != 200]
    again = 1 - len({one.query for one in asked}) / len(asked)
    print(f"{len(asked)} of {expected} searches, {again:.0%} asked before, {len(failed)} failed", end=" ")
    print(sorted({one.status for one in failed}) or "")
    print(f"{'ms':14}{'searches':>9}{'p50':>8}{'p95':>8}{'p99':>8}{'worst':>8}{'first byte p50':>16}{'KB p50':>8}")
    for kind in ("all", *_SHARES):
        of_kind = [one for one in asked if kind in ("all", one.kind)]
        whole, first = [one.whole for one in of_kind], [one.first_byte for one in of_kind]
        columns = "".join(f"{np.percentile(whole, part):8.0f}" for part in (50, 95, 99, 100))
        size = np.median([one.size for one in of_kind]) / 1000
        print(f"{kind:14}{len(of_kind):9}{columns}{np.median(first):16.0f}{size:8.0f}")
    third = len(memory) // 3
    print(
        f"memory MB: {memory[0]} at first, {max(memory)} at most; mean of the second third "
        f"{np.mean(memory[third : 2 * third]):.0f}, of the last {np.mean(memory[2 * third :]):.0f}"
    )


if __name__ == "__main__":
    main()
