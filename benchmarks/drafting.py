"""The draft desk: how often the usual units are the real ones, what is found missing, what it costs.

usage: drafting.py [FILE|FOLDER…] [--speed ITEMS]    (the samples, and what is given besides; 20,000 synthetic items)

Units: each notice in turn is the draft and the others are held. Gaps: districts that write one plan, each in its own words, with
provisions left out at random; the draft is one of them, damaged.
"""

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from analyzers.terms import Analyzer
from benchmarks.near_identical import edited
from benchmarks.synthetic import SAMPLES, notices
from corpus.errors import ParseError, ReadError
from corpus.model import Notice, ParsedNotice, ResponsibleUnit, Role, TaskItem
from indexer.index.embedded import EmbeddedIndex
from indexer.index.filters import Filters
from indexer.index.keys import unit_keys
from indexer.parsing import parse
from indexer.reading import find_files, read_document
from search_api.drafting import missing
from search_api.drafting.desk import ItemDesk, complete, item_desks
from search_api.drafting.draft import draft_of
from search_api.drafting.usual import FEWEST, Usuals, usuals
from search_api.search import SearchService

ANALYZER = Analyzer()
THRESHOLDS = (0.12, 0.15, 0.18, 0.2, 0.22, 0.25, 0.3)
COVERED = (0.1, 0.12, 0.15)
PLANS = 8
DISTRICTS, KEPT = 9, 0.8
"""Districts of a made-up plan, and the chance that one has a provision of it."""
EDITS = (6, 14, 18)
"""Phrases that each district changes in a provision of some 70 characters."""
DELETED = 5


def main() -> None:
    """Print one table after another."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("paths", type=Path, nargs="*")
    arguments.add_argument("--speed", type=int, default=20_000, metavar="ITEMS")
    given = arguments.parse_args()
    parsed = list(_read([SAMPLES, *given.paths]))
    _units(parsed)
    _gaps(parsed)
    if given.speed:
        _speed(given.speed)


def _read(paths: list[Path]) -> Iterator[ParsedNotice]:
    for file in find_files(paths):
        if isinstance(file, ReadError) or file.member:
            continue
        try:
            found = parse(read_document(file.path))
        except (ReadError, ParseError):
            continue
        if found.items:
            yield found


@contextmanager
def _held(parsed: Sequence[ParsedNotice]) -> Iterator[SearchService]:
    with tempfile.TemporaryDirectory() as folder, EmbeddedIndex.open(Path(folder), ANALYZER) as index:
        with index.loading():
            for number, one in enumerate(parsed):
                index.write(one, f"{number}.txt", None, None)
        yield SearchService(index, ANALYZER, None)


def _units(parsed: Sequence[ParsedNotice]) -> None:
    """How often the first unit that leads or is responsible is among the first two usual ones, by least closeness."""
    with _held(parsed) as service:
        drafts = [draft_of(each) for each in parsed]
        looked_at = [list(item_desks(draft, service, Filters())) for draft in drafts]
        gaps = [complete(draft, items, service).gaps for draft, items in zip(drafts, looked_at, strict=True)]
    found = [one for items in looked_at for one in items]
    firsts = [mine for one in found if (mine := _first_unit(one.item.parsed))]
    common = [name for name, _ in Counter(map(_present, firsts)).most_common(2)]
    print(f"{len(parsed)} notices, {len(found)} items")
    print(f"always: {'、'.join(common)}")
    print("| closeness from | items that can be told of | unit among the first two | always | where always is wrong |")
    print("|---:|---:|---:|---:|---:|")
    for threshold in THRESHOLDS:
        told = [
            (_is_told(mine, usuals(one.item, close)), any(_same(mine, name) for name in common))
            for one in found
            if (mine := _first_unit(one.item.parsed)) and len(close := _close(one, threshold)) >= FEWEST
        ]
        rest = [right for right, always in told if not always]
        shares = [f"{sum(kind) / len(kind):.2f}" for kind in zip(*told, strict=True)]
        print(f"| {threshold:.2f} | {len(told)} | {' | '.join(shares)} | {sum(rest)} of {len(rest)} |", flush=True)
    tellable = [one for one in gaps if one.can_tell]
    alarms = sum(len(one.missing) for one in tellable)
    print(f"\nundamaged notices with enough comparable ones: {len(tellable)}, {alarms} provisions said to be missing")
    for gap in tellable:
        for one in gap.missing:
            print(f"  {len(one.provisions)}/{len(gap.comparable)} {one.provisions[0].citation.text}")
    print()


def _close(found: ItemDesk, threshold: float) -> list[TaskItem]:
    return [one.hit.item for one in found.precedents if one.closeness >= threshold]


def _is_told(unit: ResponsibleUnit, usual: Usuals) -> bool:
    return any(_same(unit, one.value) for one in usual.charged[:2])


def _present(unit: ResponsibleUnit) -> str:
    name = unit.successor or unit.canonical
    return min(unit_keys(ResponsibleUnit(name, name, unit.role)), key=len)


def _first_unit(item: TaskItem | None) -> ResponsibleUnit | None:
    units = item.units if item else ()
    leads = [unit for unit in units if unit.role is Role.LEAD] or [u for u in units if u.role is Role.RESPONSIBLE]
    return leads[0] if leads else None


def _same(unit: ResponsibleUnit, value: str) -> bool:
    names = {unit.canonical, unit.successor or unit.canonical}
    mine = frozenset[str]().union(*(unit_keys(ResponsibleUnit(name, name, unit.role)) for name in names))
    return bool(mine & unit_keys(ResponsibleUnit(value, value, unit.role)))


def _gaps(parsed: Sequence[ParsedNotice]) -> None:
    """Recall of provisions that were deleted from a draft, and alarms about the draft as it was."""
    plans = [one for one in parsed if len(one.items) >= 15 and "报告" not in (one.notice.doc_type or "报告")][:PLANS]
    print(
        "| phrases changed | covered from | deleted that most others have | found | false alarms a draft, undamaged |"
    )
    print("|---:|---:|---:|---:|---:|")
    shipped = missing.COVERED
    for edits in EDITS:
        chance = random.Random(edits)
        sums = {covered: [0, 0, 0] for covered in COVERED}
        for plan in plans:
            world = _districts(plan, edits, chance)
            gone = _deleted(world, chance)
            with _held(world[1:]) as service:
                draft = draft_of(world[0])
                items = list(item_desks(draft, service, Filters()))
                left = [one for one in items if one.item.parsed and one.item.parsed.order not in gone]
                damaged = replace(draft, items=tuple(one.item for one in left))
                for covered, sum_ in sums.items():
                    missing.COVERED = covered
                    gaps = complete(damaged, left, service).gaps
                    told = {one.item.order for gap in gaps.missing for one in gap.provisions}
                    sum_[0] += len(gone)
                    sum_[1] += len(gone & told)
                    sum_[2] += len(complete(draft, items, service).gaps.missing)
        for covered, (deleted, found, alarms) in sums.items():
            share = found / max(1, deleted)
            print(f"| {edits} | {covered:.2f} | {deleted} | {share:.2f} | {alarms / len(plans):.2f} |", flush=True)
    missing.COVERED = shipped
    print()


def _districts(plan: ParsedNotice, edits: int, chance: random.Random) -> list[ParsedNotice]:
    """The plan as districts of one city write it, the first is the draft; item orders stay those of the plan."""
    found = []
    for number in range(DISTRICTS):
        name = f"{'甲乙丙丁戊己庚辛壬'[number]}区"
        notice = replace(
            plan.notice,
            id=f"{number:012x}",
            district=name,
            city="青溪市",
            document_number=f"{name[0]}政〔2018〕{number}号",
        )
        items = tuple(
            _rewritten(item, notice, edits, chance) for item in plan.items if number == 0 or chance.random() < KEPT
        )
        found.append(replace(plan, notice=notice, items=items, blocks=(), warnings=()))
    return found


def _rewritten(item: TaskItem, notice: Notice, edits: int, chance: random.Random) -> TaskItem:
    changed = max(1, round(edits * len(item.text) / 70))
    text = edited(item.text, changed, chance)
    return replace(item, id=f"{notice.id}-{item.order:03d}", notice_id=notice.id, heading=None, text=text)


def _deleted(world: Sequence[ParsedNotice], chance: random.Random) -> set[int]:
    """The orders of some tasks that most others have."""
    counts = Counter(item.order for one in world[1:] for item in one.items)
    common = [item.order for item in world[0].items if counts[item.order] >= len(world[1:]) / 2 and item.kind == "task"]
    return set(chance.sample(common, min(DELETED, len(common))))


def _speed(items: int) -> None:
    """Seconds for a draft of 60 items against a synthetic index."""
    made = list(notices(items))
    draft_items = tuple(item for one in notices(60, seed=7, first=10_000_000) for item in one.items)
    with _held(made) as service:
        own = replace(made[0].notice, id="draft")
        draft = replace(draft_of(replace(made[0], items=draft_items)), notice=own)
        list(item_desks(replace(draft, items=draft.items[:3]), service, Filters()))  # what is read once
        started = time.perf_counter()
        found = list(item_desks(draft, service, Filters()))
        between = time.perf_counter()
        desk = complete(draft, found, service)
        ended = time.perf_counter()
    close = np.mean([len(one.close) for one in found])
    print(
        f"{len(draft.items)} items against {items}: {between - started:.1f} s, then {ended - between:.1f} s for the draft"
    )
    print(f"as a whole ({len(desk.gaps.comparable)} comparable notices); {close:.1f} close precedents an item")


if __name__ == "__main__":
    main()
