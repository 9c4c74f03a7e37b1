"""A bar for long jobs, where somebody looks at it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tqdm import tqdm  # type: ignore[import-untyped]

from indexer.progress import Progress, Report, Step, unheard

_WORDS = {
    Step.COMPARE: "比对",
    Step.COPY: "复制",
    Step.VERIFY: "核对",
    Step.READ: "读取",
    Step.PACK: "压缩",
    Step.UNPACK: "解压",
    Step.CHECK: "检查",
    Step.DERIVE: "重建全文索引和向量文件",
    Step.SNAPSHOT: "快照",
    Step.RESTORE: "恢复",
    Step.WAIT: "等正在收录的进程结束",
}
_NOTICES = (Step.COMPARE, Step.COPY, Step.VERIFY)


@contextmanager
def progress_bar() -> Iterator[Report]:
    """Whom a job reports to: one bar, which begins anew with each step."""
    if not sys.stderr.isatty():
        yield unheard
        return
    with tqdm(leave=False) as bar:

        def report(progress: Progress) -> None:
            words = _WORDS[progress.step]
            if bar.desc != words:
                bar.unit, bar.unit_scale = (" 份", False) if progress.step in _NOTICES else ("B", True)
                bar.reset()
                bar.desc = words
            bar.total, bar.n = progress.total, progress.done
            bar.refresh()

        yield report
