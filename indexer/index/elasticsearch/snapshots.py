"""Backup and restoring of an index on Elasticsearch: snapshots in a repository that the operator has registered.

A snapshot holds the version in use and nothing else of the cluster. It is restored as another version beside the one in use,
hidden until it is checked, and then takes its place as a reindexed one does (see `succession`).
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any, Self

import msgspec

from corpus.errors import StorageError
from indexer.index.contents import Contents
from indexer.index.elasticsearch.access import Access
from indexer.index.elasticsearch.address import Address
from indexer.index.elasticsearch.client import connect
from indexer.index.elasticsearch.documents import meta, read_record
from indexer.index.elasticsearch.queries import HAVE_VECTORS, ITEMS, NOTICES, in_force
from indexer.index.elasticsearch.state import State
from indexer.index.elasticsearch.store import REQUEST_SECONDS, Json, Store, View, now
from indexer.index.elasticsearch.succession import in_use, number_of
from indexer.progress import Progress, Report, Step, unheard

_POLL_SECONDS = 0.3
_PLACE = re.compile(r"([^/\s]+)/([^/\s]+)")
_OWN = "xianli"
"""Key of what a snapshot says of itself, in its metadata."""
_HIDDEN = {"index.hidden": True}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a snapshot is: REPOSITORY/SNAPSHOT."""

    repository: str
    snapshot: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """The place that a user gave. Raises StorageError."""
        found = _PLACE.fullmatch(text)
        if not found:
            raise StorageError(
                f"“{text}”写得不对。索引在 Elasticsearch 上，请写成 仓库/快照，如 backups/2025-06-01", code="backup"
            )
        return cls(found[1], found[2])

    def __str__(self) -> str:
        return f"{self.repository}/{self.snapshot}"


@dataclass(frozen=True, slots=True)
class _Manifest:
    """What a snapshot says of itself: what the index held at `generation`, shortly before it was taken."""

    generation: int
    meta: dict[str, str]
    contents: Contents


def back_up(address: str, access: Access, analysis: str, place: Place, report: Report = unheard) -> Contents:
    """Take a snapshot of the version in use, as of one moment, while others may search and write.

    Raises StorageError, also where somebody has written to an index of several shards meanwhile. Nothing is left of a
    snapshot that failed or was interrupted.
    """
    store = Store.open(Address.parse(address), access, analysis, create=False)
    try:
        _require_repository(store, place)
        view = store.view()
        manifest = _Manifest(view.state.generation, meta(analysis), _contents(store, view.index, view.state))
        if _found(store, place):
            raise StorageError(
                f"快照 {place} 已存在，快照不能覆盖。请换一个名称，或先在服务器上删除它。", code="backup_exists"
            )
        with store.errors():
            store.client.snapshot.create(
                repository=place.repository,
                snapshot=place.snapshot,
                indices=[view.index],
                include_global_state=False,
                feature_states=["none"],
                metadata={_OWN: msgspec.to_builtins(manifest)},
                wait_for_completion=False,
            )
        with _deleted_on_failure(store, place):
            _require_whole(_awaited(store, place, report), place)
            _require_one_moment(store, view)
    finally:
        store.close()
    return manifest.contents


def restore(
    address: str, access: Access, analysis: str, place: Place, *, replaces: bool = False, report: Report = unheard
) -> Contents:
    """Restore a snapshot as another version, and use that; `replaces` allows it to take the place of one in use.

    Raises StorageError, and leaves the version in use as it is then.
    """
    where = Address.parse(address)
    store = Store(where, connect(where, access, REQUEST_SECONDS))
    try:
        _require_repository(store, place)
        source, manifest = _described(_require_whole(_found(store, place), place), place, analysis)
        is_there = _alias_exists(store)
        if is_there and not replaces:
            raise StorageError(
                f"索引 {where} 已经存在。请在地址里换一个前缀，或加 --force 用备份替换它（原索引保留，可以退回）。",
                code="index_exists",
            )
        target = _next_version(store)
        try:
            _restore(store, place, source, target, report)
            report(Progress(Step.CHECK))
            contents = _checked(store, target, analysis, manifest)
            with store.errors():
                store.client.indices.put_settings(index=target, settings=dict.fromkeys(_HIDDEN))
            _take_over(store, target, is_there=is_there)
        except BaseException:
            _delete_unused(store, target)
            raise
    finally:
        store.close()
    return contents


# Snapshots


def _require_repository(store: Store, place: Place) -> None:
    with store.errors():
        held = store.client.snapshot.get_repository()
    if place.repository not in held:
        known = "、".join(held) or "无"
        raise StorageError(
            f"服务器上没有登记仓库 {place.repository}（已登记的：{known}）。请管理员先登记一个快照仓库，见 docs/backup.md。",
            code="no_repository",
        )


def _found(store: Store, place: Place) -> Json | None:
    with store.errors():
        found = store.client.options(ignore_status=404).snapshot.get(
            repository=place.repository, snapshot=place.snapshot
        )
    snapshots: list[Json] = found.body.get("snapshots", [])
    return snapshots[0] if snapshots else None


def _require_whole(found: Json | None, place: Place) -> Json:
    """The snapshot, all of whose shards are there. Raises StorageError."""
    if found is None:
        raise StorageError(f"没有快照 {place}。请检查名称", code="no_backup")
    if found["state"] != "SUCCESS":
        why = "；".join(failure.get("reason", "") for failure in found.get("failures", []))[:300]
        raise StorageError(
            f"快照 {place} 不完整（{found['state']}{'：' if why else ''}{why}）。请另取一份，或等它做完",
            code="damaged_backup",
        )
    return found


def _require_one_moment(store: Store, view: View) -> None:
    """A shard is in a snapshot as of one moment; several are so only where nothing changed meanwhile. Raises StorageError."""
    with store.errors():
        settings = store.client.indices.get_settings(index=view.index)[view.index]["settings"]["index"]
    if int(settings["number_of_shards"]) > 1 and store.view().state.generation != view.state.generation:
        raise StorageError(
            f"备份期间索引 {store.address} 有改动。索引分成多个分片，这样的备份前后不一致，没有留下。"
            "请在没有收录、删除时再备份一次",
            code="index_changed",
        )


def _awaited(store: Store, place: Place, report: Report) -> Json | None:
    """The snapshot, when it is finished."""
    while (found := _found(store, place)) and found["state"] == "IN_PROGRESS":
        with store.errors():
            (status,) = store.client.snapshot.status(repository=place.repository, snapshot=place.snapshot)["snapshots"]
        sizes = status["stats"]
        done, total = (sizes.get(name, {}).get("size_in_bytes", 0) for name in ("processed", "incremental"))
        report(Progress(Step.SNAPSHOT, done, total or None))
        time.sleep(_POLL_SECONDS)
    return found


@contextmanager
def _deleted_on_failure(store: Store, place: Place) -> Iterator[None]:
    """Deletes the snapshot, which also stops one that is being taken."""
    try:
        yield
    except BaseException:
        with suppress(StorageError), store.errors():
            store.client.options(ignore_status=404).snapshot.delete(
                repository=place.repository, snapshot=place.snapshot
            )
        raise


def _described(snapshot: Json, place: Place, analysis: str) -> tuple[str, _Manifest]:
    """The index in a snapshot, and what it says of itself. Raises StorageError where this program has no use for it."""
    try:
        manifest = msgspec.convert((snapshot.get("metadata") or {})[_OWN], _Manifest)
        (index,) = snapshot["indices"]
    except (KeyError, ValueError) as failure:
        raise StorageError(f"快照 {place} 不是 xianli backup 做的备份。请检查名称", code="no_backup") from failure
    if manifest.meta != meta(analysis):
        raise StorageError(
            f"快照 {place} 里的索引是用另一版本的分词或格式建立的（{manifest.meta}，本程序是 {meta(analysis)}）。"
            "请使用做这份备份的程序版本"
        )
    return index, manifest


# The restored version


def _alias_exists(store: Store) -> bool:
    with store.errors():
        return bool(store.client.indices.exists_alias(name=store.address.reading))


def _next_version(store: Store) -> str:
    """A name that no version has. What restoring has left that was interrupted is deleted."""
    form = re.compile(re.escape(store.address.prefix) + r"-(\d+)")
    with store.errors():
        found = store.client.indices.get(
            index=f"{store.address.prefix}-*", expand_wildcards="all", features=["settings", "aliases"]
        )
    versions = {name: held for name, held in found.body.items() if form.fullmatch(name)}
    for name, held in versions.items():
        if held["settings"]["index"].get("hidden") == "true" and not held["aliases"]:
            _delete(store, name)
    return store.address.version(max(map(number_of, versions), default=0) + 1)


def _restore(store: Store, place: Place, source: str, target: str, report: Report) -> None:
    with store.errors():
        store.client.snapshot.restore(
            repository=place.repository,
            snapshot=place.snapshot,
            indices=[source],
            rename_pattern=".+",
            rename_replacement=target,
            include_aliases=False,
            include_global_state=False,
            feature_states=["none"],
            index_settings=_HIDDEN,
            wait_for_completion=False,
        )
    while not _is_restored(store, place, target):
        with store.errors():
            shards = store.client.indices.recovery(index=target).get(target, {}).get("shards", [])
        sizes = [shard["index"]["size"] for shard in shards if shard["primary"]]
        done, total = (sum(size[f"{name}_in_bytes"] for size in sizes) for name in ("recovered", "total"))
        report(Progress(Step.RESTORE, done, total or None))
        time.sleep(_POLL_SECONDS)


def _is_restored(store: Store, place: Place, target: str) -> bool:
    """Whether all primary shards are there. Raises StorageError where one can't be restored."""
    wanted = ["prirep", "state", "unassigned.reason", "unassigned.details"]
    with store.errors():
        shards: list[Any] = list(store.client.cat.shards(index=target, h=wanted, format="json").body)
    primaries = [shard for shard in shards if shard["prirep"] == "p"]
    failed = next((shard for shard in primaries if shard["unassigned.reason"] == "ALLOCATION_FAILED"), None)
    if failed:
        why = str(failed["unassigned.details"])[:300]
        raise StorageError(f"快照 {place} 没有恢复，仓库可能已损坏（{why}）。请改用另一份备份", code="damaged_backup")
    return bool(primaries) and all(shard["state"] == "STARTED" for shard in primaries)


def _checked(store: Store, target: str, analysis: str, manifest: _Manifest) -> Contents:
    """What the restored version holds. Raises StorageError where that is not what the snapshot was taken of.

    What was under way in the index is given up: its writers write to the index that the snapshot was taken of.
    """
    with store.errors():
        held = store.client.indices.get_mapping(index=target)[target]["mappings"].get("_meta", {})
    state = store.change(_fresh, target).state
    contents = _contents(store, target, state)
    records = store.scan(target, in_force([NOTICES], state), ["record"], ["notice_id"])
    items = sum(read_record(record).items for (record,) in records)
    same = state.generation != manifest.generation or contents == manifest.contents
    if held != meta(analysis) or items != contents.items or not same:
        raise StorageError(
            f"恢复的索引与备份不符（{contents.notices} 份通知应有 {items} 条条款，实有 {contents.items} 条），没有换上。"
            "请改用另一份备份",
            code="damaged_backup",
        )
    return contents


def _fresh(state: State) -> State:
    """The state of a version that nobody holds, writes to, or uses yet."""
    return replace(state.give_up_pending(now()), hold=None, change=0, former=None, successor=None)


def _contents(store: Store, index: str, state: State) -> Contents:
    notices, items, vectors = (store.count(index, in_force([kind], state)) for kind in (NOTICES, ITEMS, HAVE_VECTORS))
    return Contents(notices, items, vectors, state.fingerprint)


def _take_over(store: Store, target: str, *, is_there: bool) -> None:
    """Use the restored version from now on, in the place of the one in use where there is one."""
    if not is_there:
        aliases = (store.address.reading, store.address.writing)
        with store.errors():
            store.client.indices.update_aliases(actions=[{"add": {"index": target, "alias": one}} for one in aliases])
        return

    def succeeded(state: State) -> State:
        if state.successor is not None or state.is_held(now()):
            raise StorageError(f"索引 {store.address} 正在更换版本，没有换上备份。请稍后再试。", code="busy")
        return state.give_up_pending(now()).succeeded_by(number_of(target))

    store.change(succeeded, in_use(store).index)
    in_use(store)


def _delete_unused(store: Store, index: str) -> None:
    """Delete a version, unless it has come into use."""
    with suppress(StorageError):
        with store.errors():
            found = store.client.options(ignore_status=404).indices.get_alias(index=index)
        if not found.body.get(index, {}).get("aliases"):
            _delete(store, index)


def _delete(store: Store, index: str) -> None:
    with store.errors():
        store.client.options(ignore_status=404).indices.delete(index=index)
