"""A Hawkes process with an exponential kernel and a base rate that varies in steps: likelihood and fit.

The rate is ``base(t) + branching * sum(decay * exp(-decay * (t - t_i)))`` over all earlier events (Hawkes 1971,
*Biometrika* 58, 83). Its likelihood is computed by recursion, in time proportional to the number of events (Ozaki 1979,
*Ann. Inst. Stat. Math.* 31, 145), and the base rate of each step solved exactly.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

#: No branching ratio beyond this is looked for; at 1 and above a process never ends.
MOST = 3.0


class Hawkes(NamedTuple):
    """A fitted process: events sparked by each, and per unit of time the kernel's decay and each step's base rate."""

    branching: float
    decay: float
    base: np.ndarray
    loglik: float


@njit(cache=True, error_model="numpy")
def excite(times, decay):
    """Give the kernel's sum (per unit of time) at each event over all before it, and its slope by the decay."""
    total, slope = np.zeros(times.size), np.zeros(times.size)
    a = b = 0.0
    for i in range(1, times.size):
        gap = times[i] - times[i - 1]
        fade = math.exp(-decay * gap)
        b = fade * (b + gap * (a + 1.0))
        a = fade * (a + 1.0)
        total[i] = decay * a
        slope[i] = a - decay * b
    return total, slope


@njit(cache=True, error_model="numpy")
def _solve(kernel, first, width, branching, base):
    """Find the base rate of each step that maximises the likelihood; give it and the log-likelihood's first sums."""
    logs = 0.0
    by_branching = 0.0
    for k in range(width.size):
        low, high = first[k], first[k + 1]
        n = high - low
        if n == 0:
            base[k] = 0.0
            continue
        # 1 / sum(1 / (x + kernel)) rises and bends down: Newton's steps from the left never pass the root
        x = n / width[k] - branching * kernel[low:high].max()
        x = max(x, 0.0)
        least = 1e-9 / width[k]
        for _ in range(100):
            inverse = square = 0.0
            for i in range(low, high):
                # an event that nothing excited needs a base rate: the floor drives x up from 0
                rate = max(x + branching * kernel[i], least)
                inverse += 1.0 / rate
                square += 1.0 / rate**2
            move = (1.0 / width[k] - 1.0 / inverse) * inverse**2 / square
            if x + move <= 0.0:
                x = 0.0
                break
            x += move
            if abs(move) < 1e-10 * x + 1e-15:
                break
        base[k] = x
        for i in range(low, high):
            rate = max(x + branching * kernel[i], least)
            logs += math.log(rate)
            by_branching += kernel[i] / rate
        logs -= x * width[k]
    return logs, by_branching


@njit(cache=True, error_model="numpy")
def profile_loglik(times, first, width, end, branching, decay, kernel, slope, base):
    """Give the log-likelihood, the base rate at its best, with its slopes by branching and by decay.

    The events of step k, ``times[first[k]:first[k + 1]]``, are ascending; the last step ends at `end`. `kernel` and
    `slope` are as :func:`excite` gives them for this decay. The base rate is written into `base`: at its optimum it
    adds nothing to the slopes (the envelope theorem).
    """
    logs, by_branching = _solve(kernel, first, width, branching, base)
    spent = spent_slope = 0.0
    for i in range(times.size):
        left = end - times[i]
        fade = math.exp(-decay * left)
        spent += 1.0 - fade
        spent_slope += left * fade
    by_decay = 0.0
    for k in range(width.size):
        for i in range(first[k], first[k + 1]):
            by_decay += branching * slope[i] / max(base[k] + branching * kernel[i], 1e-9 / width[k])
    return logs - branching * spent, by_branching - spent, by_decay - branching * spent_slope


@njit(cache=True, error_model="numpy")
def best_branching(times, first, width, end, decay, base):
    """Maximise the likelihood over base and branching for a given decay: a concave problem, solved by its slope.

    It gives the branching, from 0 to ``MOST``, and the log-likelihood.
    """
    kernel, _ = excite(times, decay)
    spent = 0.0
    for i in range(times.size):
        spent += 1.0 - math.exp(-decay * (end - times[i]))
    logs, rise = _solve(kernel, first, width, 0.0, base)
    if rise - spent <= 0.0:
        return 0.0, logs
    low, high = 0.0, MOST
    low_rise = rise - spent
    logs, rise = _solve(kernel, first, width, high, base)
    high_rise = rise - spent
    if high_rise >= 0.0:
        return high, logs - high * spent
    x = 0.5
    for step in range(60):
        logs, rise = _solve(kernel, first, width, x, base)
        if rise - spent > 0.0:
            low, low_rise = x, rise - spent
        else:
            high, high_rise = x, rise - spent
        if abs(rise - spent) < 1e-7 * spent or high - low < 1e-7:
            break
        guess = (low * high_rise - high * low_rise) / (high_rise - low_rise)
        x = guess if step % 3 < 2 else (low + high) / 2
    return x, logs - x * spent


@njit(cache=True, error_model="numpy")
def compensator(times, first, edges, base, branching, decay):
    """Give the expected number of events up to each event: by it, time is rescaled to waits of mean 1."""
    out = np.zeros(times.size)
    before = ended = 0.0
    a = 0.0
    for k in range(base.size):
        for i in range(first[k], first[k + 1]):
            if i > 0:
                fade = math.exp(-decay * (times[i] - times[i - 1]))
                ended += (a + 1.0) * (1.0 - fade)
                a = fade * (a + 1.0)
            out[i] = before + base[k] * (times[i] - edges[k]) + branching * ended
        before += base[k] * (edges[k + 1] - edges[k])
    return out


def simulate(edges, base, branching: float, decay: float, seed: int) -> np.ndarray:
    """Draw the events of a process on ``[edges[0], edges[-1])``, in order.

    By families (Hawkes & Oakes 1974, *J. Appl. Prob.* 11, 493): events of the base, whose rate is given for each step
    between two edges, and what each of them sparks after a mean delay of ``1 / decay``.
    """
    random, edges = np.random.default_rng(seed), np.asarray(edges, dtype=float)
    counts = random.poisson(np.asarray(base) * np.diff(edges))
    born = np.repeat(edges[:-1], counts) + random.random(counts.sum()) * np.repeat(np.diff(edges), counts)
    events = [born]
    while born.size:
        parent = np.repeat(born, random.poisson(branching, born.size))
        born = parent + random.exponential(1 / decay, parent.size)
        born = born[born < edges[-1]]
        events.append(born)
    return np.sort(np.concatenate(events))
