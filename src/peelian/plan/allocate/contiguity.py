"""Chosen places hang together: cuts that every connected choice keeps, found where one is broken.

One chosen place is the root, the first of the chosen in a fixed order. For any set of places around a
chosen one, the root is in it or some place on its edge is chosen: a node cut. There are too many sets to
write down, so those that a choice breaks are looked for by minimum cuts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from peelian.domain.plan import Candidates, Floats, Ints
from peelian.plan.allocate.matrix import Rows

Bools = npt.NDArray[np.bool_]
Cut = tuple[int, Ints, Ints]
"""A place, the set around it, and the edge of the set."""
_UNIT = 100_000
_SHORT = 0.02
_NESTED = 6


@dataclass(frozen=True, eq=False)
class Connection:
    """M places with columns, most harm first: their variables and which of them touch (pairs, both ways)."""

    places: Ints
    chosen: Ints
    root: Ints
    tail: Ints
    head: Ints

    def pieces(self, taken: Bools) -> Ints:
        """Give the piece that each taken place is in, from 0; -1 where not taken."""
        from scipy.sparse import coo_matrix
        from scipy.sparse.csgraph import connected_components

        both = taken[self.tail] & taken[self.head]
        size = (len(taken), len(taken))
        links = coo_matrix((np.ones(int(both.sum())), (self.tail[both], self.head[both])), shape=size)
        _, label = connected_components(links, directed=False)
        return np.where(taken, label, -1).astype(np.int64)

    def edge(self, inside: Bools) -> Ints:
        """Give the places outside a set that touch it."""
        return np.unique(self.tail[inside[self.head] & ~inside[self.tail]])


def hang_together(rows: Rows, candidates: Candidates, place: Ints, first: Bools) -> Connection:
    """Add the variables and the cuts that hold from the start, over the places that have columns."""
    total = candidates.harm.sum(axis=1)
    places = np.unique(place)
    places = places[np.argsort(-total[places], kind="stable")]
    at = {int(one): k for k, one in enumerate(places)}
    chosen = [rows.variable(0, 1, whole=True) for _ in places]
    root = [rows.variable(0, 1, whole=True) for _ in places]
    later = [rows.variable(0, 1) for _ in places]  # whether the root comes after this place in the order
    pairs = {(at[a], at[b]) for a, b in candidates.neighbours if a in at and b in at and a != b}
    both = np.array(sorted(pairs | {(b, a) for a, b in pairs}), np.int64).reshape(-1, 2)
    rows.add_one([(one, 1.0) for one in root], 1, 1)
    columns: dict[int, list[int]] = {k: [] for k in range(len(places))}
    for one in np.flatnonzero(first).tolist():
        columns[at[int(place[one])]].append(one)
    for k in range(len(places)):
        after = [(later[k + 1], -1.0), (root[k + 1], -1.0)] if k + 1 < len(places) else []
        rows.add_one([(later[k], 1.0), *after], 0, 0)
        rows.add_one([(chosen[k], 1.0), (later[k], 1.0)], -np.inf, 1)
        rows.add_one([(root[k], 1.0), (chosen[k], -1.0)], -np.inf, 0)
        rows.add_one([*((c, -1.0) for c in columns[k]), (chosen[k], 1.0)], -np.inf, 0)
        for column in columns[k]:
            rows.add_one([(column, 1.0), (chosen[k], -1.0)], -np.inf, 0)
        near = [(chosen[j], -1.0) for j in both[both[:, 0] == k, 1]]
        rows.add_one([(chosen[k], 1.0), (root[k], -1.0), *near], -np.inf, 0)
    return Connection(places, np.array(chosen), np.array(root), both[:, 0], both[:, 1])


def rows_of(connection: Connection, cuts: Sequence[Cut], variables: int) -> Any:
    """Give cuts as rows of at most 0, scipy csr: chosen place - roots of the set - chosen on its edge."""
    from scipy.sparse import csr_matrix

    row, column, value = [], [], []
    for k, (one, inside, edge) in enumerate(cuts):
        which = [connection.chosen[[one]], connection.root[inside], connection.chosen[edge]]
        row += [k] * sum(map(len, which))
        column += np.concatenate(which).tolist()
        value += [1.0] + [-1.0] * (len(inside) + len(edge))
    return csr_matrix((value, (row, column)), shape=(len(cuts), variables))


def cuts_of_pieces(connection: Connection, taken: Bools, root: int) -> list[Cut]:
    """Give, for each piece without the root, the cut that its most harmful place breaks."""
    label = connection.pieces(taken)
    out = []
    for piece in np.unique(label[taken]):
        inside = label == piece
        if not inside[root]:
            one = int(np.flatnonzero(inside)[0])
            out.append((one, np.flatnonzero(inside), connection.edge(inside)))
    return out


def broken_cuts(connection: Connection, chosen: Floats, root: Floats, most: int) -> list[Cut]:
    """Give cuts that a fractional choice breaks, at most about `most`, by minimum cuts to each chosen place.

    Each place gives the cut nearest to it and the one farthest, then more with the edges found so far made
    whole (nested cuts). A grain on every place makes edges short (creep flow).
    """
    wanted = np.flatnonzero(chosen > 0.05)
    wanted = wanted[np.argsort(-chosen[wanted], kind="stable")]
    net = _Net(connection, chosen, root)
    out: list[Cut] = []
    for one in wanted:
        raised: list[Ints] = []
        while len(raised) < _NESTED:
            found = [inside for inside in net.sets(int(one), raised) if inside[one]]
            cuts = [(int(one), np.flatnonzero(inside), connection.edge(inside)) for inside in found]
            short = [c for c in cuts if root[c[1]].sum() + chosen[c[2]].sum() < chosen[one] - _SHORT]
            if not short:
                break
            out += short if len(short) < 2 or len(short[0][1]) != len(short[1][1]) else short[:1]
            raised += [cut[2] for cut in short]
        if len(out) >= most:
            break
    return out


class _Net:
    """The choice as a network: a source to each place as far as it is root, through each as far as chosen."""

    def __init__(self, connection: Connection, chosen: Floats, root: Floats) -> None:
        m = len(chosen)
        self.m, self.source = m, 2 * m
        through = np.round(chosen * _UNIT) + 1
        cap = np.concatenate([through, np.round(root * _UNIT), np.full(len(connection.tail), _UNIT * 2)])
        self.tail = np.concatenate([np.arange(m), np.full(m, 2 * m), connection.tail + m])
        self.head = np.concatenate([np.arange(m) + m, np.arange(m), connection.head])
        self.cap = np.maximum(cap, 0).astype(np.int32)

    def sets(self, one: int, raised: Sequence[Ints]) -> list[Bools]:
        """Give the places on a place's side of a minimum cut: the most there can be, and the fewest."""
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import breadth_first_order, maximum_flow

        cap = self.cap.copy()
        for edge in raised:
            cap[edge] = _UNIT
        graph = csr_array((cap, (self.tail, self.head)), shape=(2 * self.m + 1,) * 2)
        rest = graph - maximum_flow(graph, self.source, one).flow
        rest.data = np.maximum(rest.data, 0)
        rest.eliminate_zeros()
        reached = breadth_first_order(rest, self.source, return_predecessors=False)
        reaching = breadth_first_order(rest.T.tocsr(), one, return_predecessors=False)
        far, near = np.ones(self.m, bool), np.zeros(self.m, bool)
        far[reached[reached < self.m]] = False
        near[reaching[reaching < self.m]] = True
        return [far, near]


def chosen_of(connection: Connection, x: Floats) -> Bools:
    """Give which places a solution takes."""
    return np.asarray(x[connection.chosen] > 0.5, dtype=bool)
