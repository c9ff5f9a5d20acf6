"""what if: the same scores under other rules, and the fewest points that would change one unit's result.

    edits   a place of the book in the officer's words → the book as changed, never written
    trial   before and after: who changes, and by which number
    ways    one unit's cheapest ways up, each proven by rating it again

A room above the line, because it runs the line more than once.
"""

from xeploai.what_if.trial import Trial, Turn, what_if_files
from xeploai.what_if.ways import Goal, Raise, Way, Ways, ways_up

__all__ = ["Goal", "Raise", "Trial", "Turn", "Way", "Ways", "ways_up", "what_if_files"]
