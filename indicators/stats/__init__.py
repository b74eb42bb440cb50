"""Numeric core: totals per school in, estimates with their uncertainty out.

Imports numpy, scipy and `indicators.vocabulary` only. scipy is imported inside functions, so that
pages which only read stored results never pay for it.
"""
