"""Terms and filters as tantivy queries, built from parts and never parsed, so that no query can break out."""

from collections.abc import Sequence

import tantivy
from tantivy import FieldType, Occur, Query

from analyzers.terms import Terms
from indexer.index.filters import Filters, YearRange
from indexer.index.keys import wanted_keys
from indexer.index.weights import Expansion, required_grams, weighted_terms


def ranked(schema: tantivy.Schema, terms: Terms, expansions: Sequence[Expansion], filters: Filters) -> Query:
    """Items with any of the terms, scored by BM25, that satisfy the filters."""
    wanted = [
        (Occur.Should, Query.boost_query(Query.term_query(schema, term.field, term.term, "freq"), term.weight))
        for term in weighted_terms(terms, expansions)
    ]
    return _restricted(schema, Query.boolean_query(wanted), filters)


def matching(schema: tantivy.Schema, terms: Terms | None, also: list[str], filters: Filters) -> Query:
    """Items with enough of the grams of `terms`, or with an id among `also`, that satisfy the filters; see `facets`."""
    if terms is None:
        return _restricted(schema, Query.all_query(), filters)
    grams, least = required_grams(terms)
    holding = [(Occur.Should, _gram(schema, gram)) for gram in grams]
    enough = Query.boolean_query(holding, minimum_number_should_match=least) if grams else Query.empty_query()
    either = _any(enough, Query.term_set_query(schema, "item_id", also)) if also else enough
    return _restricted(schema, either, filters)


def satisfying(schema: tantivy.Schema, filters: Filters) -> Query:
    """Items that satisfy the filters."""
    return _restricted(schema, Query.all_query(), filters)


def in_band(schema: tantivy.Schema, bands: Sequence[str]) -> Query:
    """Items that have at least one of the bands. Without scores: a set of terms takes four times as long, scored ones six."""
    return _unscored(_any(*(Query.term_query(schema, "band", band, "basic") for band in bands)))


def those(schema: tantivy.Schema, item_ids: Sequence[str], filters: Filters) -> Query:
    """Those of the items with these ids that satisfy the filters."""
    return _restricted(schema, Query.term_set_query(schema, "item_id", list(item_ids)), filters)


def of_notice(schema: tantivy.Schema, notice_id: str) -> Query:
    """Items of a notice."""
    return Query.term_query(schema, "notice_id", notice_id, "basic")


def _restricted(schema: tantivy.Schema, query: Query, filters: Filters) -> Query:
    clauses = [(Occur.Must, query)]
    for field, keys in wanted_keys(filters).items():
        clauses.append((Occur.Must, _unscored(Query.term_set_query(schema, field, sorted(keys)))))
    if filters.year:
        clauses.append((Occur.Must, _unscored(_any(*(_overlap(schema, years) for years in filters.year)))))
    if filters.exclude_notice:
        excluded = Query.term_set_query(schema, "notice_id", list(filters.exclude_notice))
        clauses.append((Occur.MustNot, excluded))
    return query if len(clauses) == 1 else Query.boolean_query(clauses)


def _overlap(schema: tantivy.Schema, years: YearRange) -> Query:
    """The plan begins before the range ends, and ends after it begins."""
    begins = Query.range_query(schema, "first_year", FieldType.Integer, None, years.last)
    ends = Query.range_query(schema, "last_year", FieldType.Integer, years.first, None)
    return Query.boolean_query([(Occur.Must, begins), (Occur.Must, ends)])


def _gram(schema: tantivy.Schema, gram: str) -> Query:
    fields = ("grams", "path_grams")
    return _any(*(Query.term_query(schema, field, gram, "freq") for field in fields))


def _any(*queries: Query) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _unscored(query: Query) -> Query:
    return Query.const_score_query(query, 0.0)
