"""Terms, filters and versions as queries, built from parts and never parsed, so that no query can break out."""

from collections.abc import Iterable, Sequence
from typing import Any

from analyzers.terms import Terms
from indexer.index.elasticsearch.state import State, Versions
from indexer.index.filters import Filters, YearRange
from indexer.index.keys import NOTICE_FIELDS, wanted_keys
from indexer.index.weights import WeightedTerm, required_grams

Query = dict[str, Any]

NOTHING: Query = {"match_none": {}}
ITEMS: Query = {"term": {"document": "item"}}
NOTICES: Query = {"term": {"document": "notice"}}
HAVE_VECTORS: Query = {"exists": {"field": "vector_key"}}


def ranked(terms: Iterable[WeightedTerm], filters: Filters, state: State) -> Query:
    """Items with any of the terms, scored by BM25, that satisfy the filters."""
    return {"bool": {"must": any_of(terms), "filter": satisfying(filters, state)}}


def any_of(terms: Iterable[WeightedTerm]) -> Query:
    """Items with any of the terms, scored by BM25."""
    return {"bool": {"should": [{"term": {term.field: {"value": term.term, "boost": term.weight}}} for term in terms]}}


def matching(terms: Terms | None, also: Sequence[str], filters: Filters, state: State) -> Query:
    """Items with enough of the grams of `terms`, or with an id among `also`, that satisfy the filters; see `facets`."""
    if terms is None:
        return satisfying(filters, state)
    grams, least = required_grams(terms)
    either = [with_any("item_id", also)] if also else []
    if grams:
        either.append({"bool": {"should": [_gram(gram) for gram in grams], "minimum_should_match": least}})
    return _unscored([_any(either), satisfying(filters, state)])


def satisfying(filters: Filters, state: State) -> Query:
    """Items in force that satisfy the filters."""
    wanted = [with_any(field, sorted(keys)) for field, keys in wanted_keys(filters).items()]
    return _restricted([ITEMS, *wanted], filters, state)


def notices_satisfying(filters: Filters, state: State) -> Query:
    """Notices in force that satisfy the filters on notices; those on items are left aside."""
    wanted = [with_any(field, sorted(keys)) for field, keys in wanted_keys(filters).items() if field in NOTICE_FIELDS]
    return _restricted([NOTICES, *wanted], filters, state)


def in_force(queries: Iterable[Query], state: State) -> Query:
    """Documents in force that match all queries."""
    return _restricted(list(queries), Filters(), state)


def with_any(field: str, values: Sequence[Any]) -> Query:
    """Documents with one of the values."""
    return {"terms": {field: list(values)}}


def with_versions(versions: Iterable[Versions]) -> Query:
    """Documents of any of these versions."""
    return _any(_of(versions))


def _restricted(wanted: list[Query], filters: Filters, state: State) -> Query:
    if filters.year:
        wanted.append(_any([_overlap(years) for years in filters.year]))
    wanted.append({"range": {"version": {"lt": state.next}}})
    left_out = _of((*state.pending, *state.hidden))
    if filters.exclude_notice:
        left_out.append(with_any("notice_id", filters.exclude_notice))
    return {"bool": {"filter": wanted, "must_not": left_out}}


def _of(versions: Iterable[Versions]) -> list[Query]:
    """Documents of these versions: single ones in one query, longer ranges each in its own."""
    single, longer = list[int](), list[Query]()
    for one in versions:
        if one.end == one.first + 1:
            single.append(one.first)
        else:
            longer.append({"range": {"version": {"gte": one.first, "lt": one.end}}})
    return [*longer, with_any("version", single)] if single else longer


def _overlap(years: YearRange) -> Query:
    """The plan begins before the range ends, and ends after it begins."""
    begins, ends = {"first_year": {"lte": years.last}}, {"last_year": {"gte": years.first}}
    return _unscored([{"range": begins}, {"range": ends}])


def _gram(gram: str) -> Query:
    return _any([{"term": {field: gram}} for field in ("grams", "path_grams")])


def _any(queries: list[Query]) -> Query:
    return {"bool": {"should": queries, "minimum_should_match": 1}} if queries else NOTHING


def _unscored(queries: list[Query]) -> Query:
    return {"bool": {"filter": queries}}
