"""Those who use an index on a server with security: each with one of the roles that the project ships, and no other right."""

import json
import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch

from indexer.index.elasticsearch import address
from indexer.index.elasticsearch.access import Access
from tests.servers import Secured

ROLES = Path(address.__file__).parent / "roles"


@dataclass(slots=True)
class Users:
    """Who may use the index at `address`, as `admin` lets them."""

    address: str
    ca: Path
    admin: Elasticsearch
    keys: list[str] = field(default_factory=list)

    @property
    def prefix(self) -> str:
        """What everything that belongs to them begins with."""
        return self.address.rpartition("/")[2]

    def role(self, name: str) -> dict[str, Any]:
        """A role that is shipped, for this index."""
        written = (ROLES / f"{name}.json").read_text(encoding="utf-8")
        return dict(json.loads(written.replace("xianli", self.prefix)))

    def user(self, role: str) -> Access:
        """A user with this role and a password."""
        name, password = f"{self.prefix}-{role}", secrets.token_urlsafe(24)
        self.admin.security.put_role(name=name, **self.role(role))
        self.admin.security.put_user(username=name, password=password, roles=[name])
        return Access(user=name, password=password, ca=self.ca)

    def key(self, role: str, **more: Any) -> Access:
        """An API key with the rights of this role."""
        made = self.admin.security.create_api_key(
            name=f"{self.prefix}-{role}", role_descriptors={role: self.role(role)}, **more
        )
        self.keys.append(made["id"])
        return Access(api_key=made["encoded"], ca=self.ca)

    def revoke(self) -> None:
        """Take back all keys."""
        if self.keys:
            self.admin.security.invalidate_api_key(ids=self.keys)
            self.keys.clear()


@contextmanager
def users(server: Secured) -> Iterator[Users]:
    """Users of an index of their own; it and they are removed afterwards."""
    prefix = f"test-{uuid.uuid4().hex}"
    with Elasticsearch(server.address, basic_auth=(server.user, server.password), ca_certs=str(server.ca)) as admin:
        made = Users(f"{server.address}/{prefix}", server.ca, admin)
        try:
            yield made
        finally:
            made.revoke()
            admin.indices.delete(index=f"{prefix}-1", ignore_unavailable=True)
            for role in ROLES.glob("*.json"):
                admin.options(ignore_status=404).security.delete_user(username=f"{prefix}-{role.stem}")
                admin.options(ignore_status=404).security.delete_role(name=f"{prefix}-{role.stem}")
