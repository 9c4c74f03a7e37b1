"""What each stretch of the source was taken for, so that nothing is lost and everything can be shown."""

from corpus.model import Block, BlockKind
from indexer.parsing.lines import FoldedText
from indexer.parsing.stretch import Stretch


class BlockList:
    """Collects stretches of folded text with their kinds, and turns them into blocks of the source."""

    def __init__(self, folded: FoldedText) -> None:
        self._folded = folded
        self._found: list[tuple[int, int, BlockKind, int | None]] = []

    def add(self, kind: BlockKind, start: int, end: int, item_order: int | None = None) -> None:
        """A stretch of folded text, which must not overlap another one."""
        if start < end:
            self._found.append((start, end, kind, item_order))

    def add_stretch(self, kind: BlockKind, stretch: Stretch, item_order: int | None = None) -> None:
        """All pieces of a torn paragraph."""
        for start, end in stretch.pieces:
            self.add(kind, start, end, item_order)

    def finish(self) -> tuple[Block, ...]:
        """The blocks in source order, without overlap, Markdown marks among them."""
        blocks = [Block(BlockKind.MARKUP, span) for span in self._folded.markup]
        for start, end, kind, order in self._found:
            blocks += [Block(kind, span, order) for span in self._folded.spans(start, end)]
        return tuple(sorted(blocks, key=lambda block: block.span))
