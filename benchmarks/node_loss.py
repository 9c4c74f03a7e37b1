"""What the loss of one of three nodes costs: python -m benchmarks.node_loss [SECONDS].

Three real nodes are started; an index of three shards holds the samples. 20 searches a second, of both legs, and a writer run for
SECONDS before a node is killed or held up, and for SECONDS after. The gap is the longest time without an answer. A node that
was killed is brought back before notices are counted: those acknowledged, and those held of them.
"""

import argparse
import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from analyzers.terms import Analyzer
from benchmarks.synthetic import SAMPLES
from indexer.index.elasticsearch import ElasticsearchIndex
from indexer.index.elasticsearch.address import Address
from indexer.pipeline import index_files
from indexer.reading import find_files
from tests.contract.notices import MODEL
from tests.indexer.embedders import NamedEmbedder
from tests.indexer.index.elasticsearch.load import Load, Query, queries
from tests.indexer.index.elasticsearch.nodes import Nodes

SHARDS = 3


@dataclass(frozen=True, slots=True)
class Loss:
    """What happens to which node; `copies` of each shard beside the first."""

    name: str
    master: bool
    copies: int
    happens: Callable[[Nodes, str], None]
    writing: bool = True


LOSSES = (
    Loss("killed", False, 1, Nodes.lose),
    Loss("the master killed", True, 1, Nodes.lose),
    Loss("killed, no copies", False, 0, Nodes.lose, writing=False),
    Loss("held up", False, 1, Nodes.pause, writing=False),
)


def main() -> None:
    """Measure one loss after another."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("seconds", type=float, nargs="?", default=15.0)
    seconds: float = arguments.parse_args().seconds
    logging.getLogger("elastic_transport").setLevel(logging.ERROR)
    analyzer = Analyzer()
    print(
        f"{'':<20}{'searches':>9}{'failed':>8}{'partial':>8}{'missed':>8}{'slowest':>9}{'gap':>9}{'notices':>9}{'held':>7}"
    )
    with Nodes() as nodes:
        for number, loss in enumerate(LOSSES):
            address = f"{nodes.address}/node-loss-{number}"
            asked = _fill(nodes, address, analyzer, loss.copies)
            _measure(nodes, address, analyzer, asked, loss, seconds)
            with nodes.client() as client:
                client.indices.delete(index=Address.parse(address).version(1))


def _fill(nodes: Nodes, address: str, analyzer: Analyzer, copies: int) -> list[Query]:
    with ElasticsearchIndex.open(address, analyzer, shards=SHARDS) as index:
        list(index_files(find_files([SAMPLES]), index, NamedEmbedder(MODEL)))
        asked = queries([index.notice(record.notice.id) for record in index.scan()], analyzer)
    with nodes.client() as client:
        settings = {"auto_expand_replicas": "false", "number_of_replicas": copies}
        client.indices.put_settings(index=Address.parse(address).reading, settings=settings)
    nodes.mend()
    return asked


def _measure(nodes: Nodes, address: str, analyzer: Analyzer, asked: list[Query], loss: Loss, seconds: float) -> None:
    master, kept = nodes.master(), nodes.holding_state(Address.parse(address).reading)[0]
    # Without copies the state must stay: nothing can be found without it.
    lost = master if loss.master else next(name for name in nodes.names if name not in (master, kept))
    with Load(address, analyzer, asked, writing=loss.writing) as load:
        time.sleep(seconds)
        loss.happens(nodes, lost)
        time.sleep(seconds)
        nodes.resume(lost)
    nodes.mend()
    with ElasticsearchIndex.open(address, analyzer, read_only=True) as index:
        held = {record.notice.id for record in index.scan()}
    answers = load.answers
    cells = [
        len(answers),
        sum(answer.failure is not None for answer in answers),
        sum(answer.incomplete for answer in answers),
        sum(not (answer.found or answer.incomplete or answer.failure) for answer in answers),
        f"{max(answer.seconds for answer in answers) * 1000:.0f}",
        f"{load.longest_gap() * 1000:.0f}",
        len(load.acknowledged),
        sum(parsed.notice.id in held for parsed in load.acknowledged),
    ]
    print(
        f"{loss.name:<20}"
        + "".join(f"{cell:>{width}}" for cell, width in zip(cells, (9, 8, 8, 8, 9, 9, 9, 7), strict=True))
    )
    if failures := Counter(answer.failure for answer in answers if answer.failure):
        print(f"  failed: {dict(failures)}")


if __name__ == "__main__":
    main()
