"""From the probabilities of a recogniser to text."""

from __future__ import annotations

from typing import Any

import numpy as np

from ocr.engine.base import NUMERIC_ALPHABET, Recognised

Probabilities = np.ndarray[tuple[int, ...], np.dtype[np.float32]]


class CtcDecoder:
    """Greedy decoding of connectionist temporal classification (Graves et al., 2006).

    `alphabet[0]` is the blank. Input has shape (steps, len(alphabet)), each row
    a probability distribution.
    """

    def __init__(self, alphabet: tuple[str, ...]) -> None:
        self.alphabet = np.array(alphabet, dtype=object)
        self.numerals = np.array([alphabet[0], *NUMERIC_ALPHABET], dtype=object)
        index = {char: position for position, char in enumerate(alphabet)}
        known = [
            [index[char] for char in lookalikes if char in index] for lookalikes in NUMERIC_ALPHABET.values()
        ]
        self._lookalikes = np.array([position for group in known for position in group])
        self._starts = np.cumsum([0, *(len(group) for group in known)])[:-1]

    def decode(self, probabilities: Probabilities) -> Recognised:
        """Read the line freely, and once more within the numeric alphabet."""
        text, scores = _greedy(probabilities, self.alphabet)
        numeral, numeral_scores = _greedy(self._as_numerals(probabilities), self.numerals)
        return Recognised(
            text=text,
            confidence=float(scores.mean()) if text else 0.0,
            weakest=float(scores.min()) if text else 0.0,
            numeral=numeral,
            numeral_confidence=float(numeral_scores.min()) if numeral else 0.0,
        )

    def _as_numerals(self, probabilities: Probabilities) -> Probabilities:
        """Fold look-alikes together: shape (steps, 1 + len(NUMERIC_ALPHABET))."""
        folded = np.add.reduceat(probabilities[:, self._lookalikes], self._starts, axis=1)
        return np.concatenate([probabilities[:, :1], folded], axis=1)


def _greedy(
    probabilities: Probabilities, alphabet: np.ndarray[Any, np.dtype[np.object_]]
) -> tuple[str, Probabilities]:
    best = probabilities.argmax(axis=1)
    changed = np.concatenate([[True], best[1:] != best[:-1]])
    kept = changed & (best != 0)
    return "".join(alphabet[best[kept]]).strip(), probabilities[kept, best[kept]]
