"""W3 in SimPy: W2 at 14,400/s. The client gives an attempt 100 ms and leaves its work behind, then
tries twice more, each time after U(0, 50 ms x 2^attempt)."""

import simpy

from told import measure, stream
from w2 import System

RATE = 14_400.0
PATIENCE = 0.1
ATTEMPTS = 3
BACK_OFF = 0.05


def request(env, system, counted, pauses):
    sent = env.now
    for attempt in range(ATTEMPTS):
        if attempt > 0:
            yield env.timeout(pauses.uniform(0, BACK_OFF * 2 ** (attempt - 1)))
        counted.attempts += 1
        work = env.process(system.serve())
        yield work | env.timeout(PATIENCE)
        if work.processed:
            counted.answered(env.now - sent)
            return
    counted.failed += 1


def clients(env, system, counted, requests, seed):
    arrivals, pauses = stream(seed, "arrivals"), stream(seed, "pauses")
    for _ in range(requests):
        yield env.timeout(arrivals.expovariate(RATE))
        env.process(request(env, system, counted, pauses))


def run(requests, seed, counted):
    env = simpy.Environment()
    env.process(clients(env, System(env, seed), counted, requests, seed))
    env.run()


if __name__ == "__main__":
    measure(run)
