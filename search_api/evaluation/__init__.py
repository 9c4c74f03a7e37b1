"""Evaluation: judged queries in, measures, saved runs, comparisons and reports out. docs/evaluation.md shows how to use it."""
