"""From a query to ranked items with citations: understanding, both legs, fusion, and the ways in (CLI, HTTP, page)."""
