"""Backup and restoring of what the settings name: a file for an index in a folder, a snapshot for one on Elasticsearch."""

from pathlib import Path

from analyzers.terms import Analyzer
from indexer.index.contents import Contents
from indexer.progress import Report
from search_api.settings import Settings


def back_up_index(settings: Settings, target: str, *, overwrite: bool, report: Report) -> Contents:
    """Back up the index into `target`: a file, or REPOSITORY/SNAPSHOT, which is never overwritten. Raises StorageError."""
    if settings.index_address:
        from indexer.index.elasticsearch import snapshots

        place = snapshots.Place.parse(target)
        return snapshots.back_up(settings.index_address, settings.index_access, Analyzer().version, place, report)
    from indexer.index.embedded.backup import back_up

    return back_up(settings.index_location, Path(target), overwrite=overwrite, report=report)


def restore_index(settings: Settings, source: str, *, replace: bool, report: Report) -> Contents:
    """Restore the index from `source`: a file, or REPOSITORY/SNAPSHOT. Raises StorageError."""
    if settings.index_address:
        from indexer.index.elasticsearch import snapshots

        place, access = snapshots.Place.parse(source), settings.index_access
        return snapshots.restore(
            settings.index_address, access, Analyzer().version, place, replaces=replace, report=report
        )
    from indexer.index.embedded.backup import restore

    return restore(Path(source), settings.index_location, Analyzer(), replace=replace, report=report)
