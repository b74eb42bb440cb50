"""The way of the data, step by step: read, validate, score, tally, estimate, change, assess.

Pure functions on the frozen dataclasses of `shapes`. No Django; pandas only inside functions.
"""
