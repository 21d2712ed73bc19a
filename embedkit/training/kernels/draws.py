"""Random draws of training, a function of the seed and the position of a word alone.

Every position of the corpus has a random stream of its own, SplitMix64 (Steele, Lea and Flood 2014) started
at a hash of key and position. So the words that are kept, the width of a window and its noise words do not
depend on how the corpus is cut into pieces or on the number of threads, and a piece can look over its edge
to see which words beyond it are kept: up to `REACH` positions, which bounds the work where hardly a word is.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from embedkit.simd.compiling import compiled

REACH = 4096  # positions
REDRAWS = 64  # of a noise word that is the target, before its successor in the vocabulary is taken
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)


@njit(inline="always")
def mix(state):
    """A hash of 64 bits: the finalizer of SplitMix64."""
    z = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@njit(inline="always")
def _stream(key, position):
    """The state from which a position's draws start."""
    return mix(key + GOLDEN * np.uint64(position + 1))


@njit(inline="always")
def below(bits, limit):
    """An integer in [0, limit) from the upper half of 64 random bits."""
    return np.int64(((bits >> _HALF) * np.uint64(limit)) >> _HALF)


@njit(inline="always")
def _is_kept(word, position, keep, key):
    """Whether the word at a position is in the vocabulary and survives subsampling: the first draw."""
    return word < len(keep) and np.uint32(mix(_stream(key, position) + GOLDEN) >> _HALF) <= keep[word]


@njit(inline="always")
def _dealt(number, share):
    """The word for which a number of an alias table stands, see `training.rounds.dealing`."""
    if share is None:
        return number
    beyond = number - share.first
    return number if beyond < 0 else share.first + beyond * share.step + share.offset


@njit(inline="always")
def _draw_samples(word, state, noise, share, samples):
    """Write the target `word` and, behind it, noise words other than it, drawn from an alias table."""
    samples[0] = word
    for k in range(1, len(samples)):
        drawn = np.int64(word)
        number = np.int64(0)
        tries = 0
        while drawn == word and tries < REDRAWS:
            tries += 1
            state += GOLDEN
            bits = mix(state)
            number = below(bits, len(noise))
            if np.uint32(bits) > noise[number, 0]:
                number = np.int64(noise[number, 1])
            drawn = _dealt(number, share)
        samples[k] = drawn if drawn != word else _dealt((number + 1) % len(noise), share)


@njit(inline="always")
def document_at(offsets, position):
    """The number of the document that a position is in: the last one that begins there or before.

    `np.searchsorted` takes half a second to compile, for every kind of number that it knows.
    """
    low, high = 0, len(offsets)
    while low < high:
        middle = (low + high) // 2
        if offsets[middle] > position:
            high = middle
        else:
            low = middle + 1
    return low - 1


@compiled(nogil=True)
def draw_windows(
    ids, offsets, start, stop, keep, noise, window, key, words, begins, ends, samples, shrink, share
):
    """Draw the windows around the words at positions [start, stop) of a shard.

    Writes the kept words, up to `window` neighbors on either side of the range included, to `words`; for
    those inside the range, the window [begins, ends) as indices into `words`, and the target and its noise
    words to `samples` (one row a word). Windows `shrink` to 1 to `window` words on either side, or all have
    `window`; they end where their document does, or `REACH` positions beyond the range. `noise` is an alias
    table of all words or, of a worker of a round, of its `share` of them.

    Returns:
        first, last: the words inside the range are `words[first:last]`.
    """
    document = document_at(offsets, start)
    position = start
    edge = max(offsets[document], start - REACH)
    neighbors = 0
    while position > edge and neighbors < window:
        position -= 1
        if _is_kept(ids[position], position, keep, key):
            neighbors += 1
    first = neighbors
    last = first
    count = 0
    origin = 0  # where the current document begins in `words`
    beyond = 0
    limit = min(len(ids), stop + REACH)
    while position < limit and beyond < window:
        if position == offsets[document + 1]:
            _clip(begins, ends, origin, count)
            origin = count
            while position == offsets[document + 1]:
                document += 1
            if position >= stop:
                break
        if _is_kept(ids[position], position, keep, key):
            words[count] = ids[position]
            state = _stream(key, position) + GOLDEN + GOLDEN
            width = 1 + below(mix(state), window) if shrink else window
            begins[count] = count - width
            ends[count] = count + width + 1
            if start <= position < stop:
                _draw_samples(ids[position], state, noise, share, samples[count])
                last = count + 1
            elif position >= stop:
                beyond += 1
            count += 1
        position += 1
    _clip(begins, ends, origin, count)
    return first, last


@njit(inline="always")
def _clip(begins, ends, origin, count):
    """Limit the windows of a document to its words [origin, count)."""
    for i in range(origin, count):
        begins[i] = max(begins[i], origin)
        ends[i] = min(ends[i], count)
