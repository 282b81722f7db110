"""W2 in SimPy: Poisson 11,200/s, round robin over ten servers, a cache, and the database on a miss."""

import simpy

from told import measure, stream

SERVERS = 10
RATE = 11_200.0


class System:
    def __init__(self, env, seed):
        self.env = env
        self.servers = [simpy.Resource(env, capacity=8) for _ in range(SERVERS)]
        self.db = simpy.Resource(env, capacity=32)
        self.work, self.luck, self.reads = (stream(seed, name) for name in ("work", "luck", "reads"))
        self.turn = 0

    def serve(self):
        """One request, from the balancer on."""
        env = self.env
        server = self.servers[self.turn]
        self.turn = (self.turn + 1) % SERVERS
        with server.request() as worker:
            yield worker
            yield env.timeout(self.work.expovariate(1 / 0.005))
        yield env.timeout(0.0005)
        if self.luck.random() >= 0.9:
            with self.db.request() as connection:
                yield connection
                yield env.timeout(self.reads.expovariate(1 / 0.020))


def request(env, system, counted):
    sent = env.now
    yield from system.serve()
    counted.answered(env.now - sent)


def clients(env, system, counted, requests, seed):
    arrivals = stream(seed, "arrivals")
    for _ in range(requests):
        yield env.timeout(arrivals.expovariate(RATE))
        counted.attempts += 1
        env.process(request(env, system, counted))


def run(requests, seed, counted):
    env = simpy.Environment()
    env.process(clients(env, System(env, seed), counted, requests, seed))
    env.run()


if __name__ == "__main__":
    measure(run)
