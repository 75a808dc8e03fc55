"""The crawler: sites are listed once, and every night new and changed reports arrive by themselves.

`nightly.py` is the page to start from, `round.py` what happens in a round.
"""
