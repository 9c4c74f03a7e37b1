"""The client: connections to the nodes of a cluster, which are kept and of which one stands in for another.

A request that finds no connection, or that a node turns away as too busy (429, 502, 503, 504), is sent to the next node. Changes may
be repeated, too: documents have ids of their own, and the state is replaced on condition that it is still the same. What takes too
long is not repeated.
"""

from typing import Any

from elastic_transport import ConnectionError, ConnectionTimeout, Urllib3HttpNode
from elastic_transport.client_utils import DEFAULT
from elasticsearch import Elasticsearch
from urllib3 import Timeout
from urllib3.exceptions import ConnectTimeoutError

from indexer.index.elasticsearch.access import Access
from indexer.index.elasticsearch.address import Address

CONNECT_SECONDS = 2.0
"""How long a node may take to accept a connection; a machine that is gone does not even refuse it."""

_CONNECTIONS = 40
"""To each node, as many as the threads of the API: a thread never waits for another one's answer."""
_LEAST_RETRIES = 3


def connect(address: Address, access: Access, seconds: float) -> Elasticsearch:
    """A client whose requests take `seconds` at most, unless they say otherwise. Raises StorageError."""
    return Elasticsearch(
        address.urls,
        node_class=Node,
        request_timeout=seconds,
        connections_per_node=_CONNECTIONS,
        max_retries=max(_LEAST_RETRIES, len(address.hosts)),
        **access.authentication(address),
        **access.trust(address),
    )


class Node(Urllib3HttpNode):
    """A node that is given up soon where nothing answers at all, so that the next one is asked."""

    def perform_request(
        self, method: str, target: str, body: Any = None, headers: Any = None, request_timeout: Any = DEFAULT
    ) -> Any:
        """See Urllib3HttpNode."""
        seconds: Any = self.config.request_timeout if request_timeout is DEFAULT else request_timeout
        limit: Any = Timeout(connect=min(CONNECT_SECONDS, seconds), total=seconds)
        try:
            return super().perform_request(method, target, body, headers, limit)
        except ConnectionTimeout as failure:
            if isinstance(failure.__cause__, ConnectTimeoutError):
                # Nothing was sent: this is no answer that is late, after which nobody else would be asked.
                raise ConnectionError(str(failure), errors=failure.errors) from failure
            raise
