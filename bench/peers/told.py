"""What the models in SimPy share: a random stream per purpose, the latencies, and one line of JSON."""

import json
import random
import sys
import time


def stream(seed, name):
    """A random stream for one purpose of one run."""
    return random.Random(f"{seed} {name}")


class Counted:
    def __init__(self):
        self.latencies = []
        self.answered = self.latencies.append
        self.attempts = 0
        self.failed = 0


def measure(run):
    """Runs a model for REQUESTS with SEED, the two words on the command line."""
    requests, seed = int(sys.argv[1]), int(sys.argv[2])
    counted = Counted()
    begun = time.perf_counter()
    run(requests, seed, counted)
    seconds = time.perf_counter() - begun
    latencies = sorted(counted.latencies)
    if len(latencies) + counted.failed != requests:
        sys.exit("The model lost a request.")
    print(
        json.dumps(
            {
                "requests": requests,
                "seconds": seconds,
                "mean_ms": sum(latencies) / len(latencies) * 1e3,
                "p99_ms": latencies[int(0.99 * len(latencies))] * 1e3,
                "attempts": counted.attempts / requests,
                "failed": counted.failed,
            }
        )
    )
