"""What counts as one district where hits and notices are counted by district."""

from corpus.model import Notice

District = tuple[str | None, ...]


def district(notice: Notice) -> District:
    """The smallest places known, or the notice itself where none is.

    The province is left out where a city tells: some notices give it and some don't.
    """
    place = (notice.city, notice.district) if notice.city or notice.district else (notice.province,)
    return place if any(place) else (notice.id,)
