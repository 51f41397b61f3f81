"""What is measured, a function a kind of case. Each returns a dictionary of figures."""
import contextlib
import functools
import json
import os
import re
import resource
import subprocess
import time
import types

from . import servers
from .servers import BENCH, BUILD, Server, pin


SLICES = 10  # of a round


class Load:
    """Clients, on the second core where there are two, that stay connected until the end."""

    def __init__(self, server, mode, *rest):
        self.server = server
        words = pin(1) + [os.path.join(BUILD, 'load'), mode, server.port, *map(str, rest)]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline().strip() != 'open':
            raise SystemExit(f'{words}: not all connections could be opened')

    def measure(self):
        """Figures of the load, and what the server's processor was busy meanwhile, in seconds."""
        before = self.server.cpu()
        self.process.stdin.write('\n')
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit('load: no figures')
        return json.loads(line) | {'busy': self.server.cpu() - before}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


def loaded(server, mode, *arguments):
    """Figures of a load, and the server's processor time for an operation once all are connected."""
    with Load(server, mode, *arguments) as clients:
        return total([clients.measure()])


def total(slices):
    """The figures of slices together: operations a second, microseconds of processor time for each, latencies."""
    operations = max(sum(one['operations'] for one in slices), 1)
    figures = {'rate': operations / sum(one['seconds'] for one in slices),
               'cpu': sum(one['busy'] for one in slices) / operations * 1e6}
    return figures | {key: slices[-1][key] for key in ('p50', 'p99') if key in slices[-1]}


class Throughput:
    """A load on a server that is kept for all rounds. A round takes seconds, in slices that take turns with those of
    the other servers."""

    def __init__(self, mode, arguments, seconds, flags=(), warm=0.5):
        self.load = (mode, *arguments)
        self.seconds, self.flags, self.warm_seconds = seconds, flags, warm

    def warm(self, server):
        return loaded(server, *self.load, self.warm_seconds, *self.flags)

    def round(self, server):
        return Load(server, *self.load, self.seconds / SLICES, *self.flags)

    def alone(self, words):
        """Figures of one server that has no others beside it."""
        with Server(words) as server:
            self.warm(server)
            return loaded(server, *self.load, self.seconds, *self.flags)


def churn_cold(words, count, width=32):
    """Connections a second, and processor time for each, of the first ones in a server's life."""
    with Server(words) as server:
        return loaded(server, 'churn', width, 600, '--count', count)


def at_rate(words, share, width, size, seconds):
    """Latencies where messages come at a fixed rate, that share of what the limit can do. A pause shows in all of
    them that come into it."""
    with Server(words) as server:
        loaded(server, 'echo', width, size, 0.5)
        figures = loaded(server, 'rate', width, size, seconds, share * limit_rate(width, size))
        return {key: figures[key] for key in ('cpu', 'p50', 'p99')} | {'wanted': figures['rate']}


@functools.lru_cache
def limit_rate(width, size):
    return Throughput('echo', (width, size), 1).alone(servers.command('limit', 'echo'))['rate']


def left(words, count, flags=(), patience=3):
    """Resident bytes that are left in all, patience seconds after so many connections came and went."""
    with Server(words) as server:
        loaded(server, 'echo', 1, 64, 0.2, *flags)
        before = server.rss()
        with Load(server, 'idle', count, *flags):
            pass
        time.sleep(patience)
        return {'bytes': server.rss() - before}


def idle(words, count, flags=()):
    """Resident bytes for each connection that echoed once and is idle."""
    with Server(words) as server:
        loaded(server, 'echo', 1, 64, 0.2, *flags)
        before = server.rss()
        with Load(server, 'idle', count, *flags):
            return {'bytes': (server.rss() - before) / count}


class Redis:
    """redis-benchmark's SET and GET, 50 connections, a new one for each slice."""

    def __init__(self, pipeline, operations):
        self.pipeline, self.operations = pipeline, operations

    def run(self, server, count):
        before = server.cpu()
        done = subprocess.run(pin(1) + ['redis-benchmark', '-h', '127.0.0.1', '-p', server.port, '-t', 'set,get',
                                        '-n', str(count), '-P', str(self.pipeline), '-c', '50', '--csv'],
                              check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        rates = [float(rate) for rate in re.findall(r'^"[SG]ET[^"]*","([\d.]+)"', done.stdout, re.M)]
        return {'operations': 2 * count, 'seconds': sum(count / rate for rate in rates),
                'busy': server.cpu() - before}

    def warm(self, server):
        self.run(server, self.operations)

    @contextlib.contextmanager
    def round(self, server):
        yield types.SimpleNamespace(measure=lambda: self.run(server, self.operations // SLICES))


def startup(words, runs=10):
    """Milliseconds, also of processor time, and resident bytes of a program, the best of some runs."""
    times, cpus, sizes = [], [], []
    for _ in range(runs):
        begin = time.perf_counter()
        process = subprocess.Popen(pin(0) + words, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = status
        times.append((time.perf_counter() - begin) * 1000)
        cpus.append((usage.ru_utime + usage.ru_stime) * 1000)
        sizes.append(usage.ru_maxrss * resource.getpagesize() // 4)
        if status != 0:
            raise SystemExit(f'{words}: exit status {status}')
    return {'ms': min(times), 'busy': min(cpus), 'bytes': min(sizes)}


def tasks(words, count, *names):
    """Milliseconds of processor time and resident bytes of one task more."""
    done = subprocess.run(words + [str(count), *names], check=True, stdout=subprocess.PIPE, text=True)
    figures = json.loads(done.stdout)
    return {'busy': figures['ms'], 'bytes': figures['bytes']}


def timers(words):
    """Nanoseconds to set a timer and clear it."""
    done = subprocess.run(pin(0) + words, check=True, stdout=subprocess.PIPE, text=True)
    return {'ns': float(done.stdout)}


def group(subs, seconds):
    """A server group of subs + 1 tasks, unpinned on its side: costs, evenness, and what a sub takes."""
    words = [servers.SLUICE, os.path.join(BENCH, 'servers', 'group-echo.js'), str(subs)]
    begin = time.perf_counter()
    with Server(words) as server:
        started = (time.perf_counter() - begin) * 1000
        size = server.rss()
        loaded(server, 'echo', 64, 64, 0.5)
        figures = loaded(server, 'echo', 64, 64, seconds)
        counts = json.loads(server.ask())
        return {'rate': figures['rate'], 'cpu': figures['cpu'], 'spread': max(counts) - min(counts), 'ms': started,
                'bytes': size}


def twins(folder, language, seconds):
    """The example programs in one language, C++ or JavaScript, by case."""
    def program(name):
        if language == 'C++':
            return [os.path.join(folder, 'example_' + name)]
        return [servers.SLUICE, os.path.join(servers.ROOT, 'examples', name.replace('_', '-') + '.js')]

    pair = servers.CERTIFICATE
    group = program('tls_echo_group') + ['2', *pair, 'a.example', *pair]
    named = ['--tls', '--name', 'a.example']
    results = {
        'TLS echo group of 2, 64×64 B': Throughput('echo', (64, 64), seconds, named).alone(group),
        'TLS echo group of 2, 8×1 MiB': Throughput('echo', (8, 1 << 20), seconds, named).alone(group),
        'TLS echo group of 2, handshakes': Throughput('churn', (32,), seconds, named, 3).alone(group),
        'line protocol, 64×64 B': Throughput('echo', (64, 64), seconds, ['--line']).alone(program('line_protocol')),
    }
    # Behind the proxy is the limit of TLS, on the core of the load.
    with Server([os.path.join(BUILD, 'limit_echo_tls'), *pair], core=1) as behind:
        proxy = program('sni_proxy') + [f'a.example=127.0.0.1:{behind.port}']
        results['SNI proxy, 64×64 B'] = Throughput('echo', (64, 64), seconds, named).alone(proxy)
        results['SNI proxy, 8×1 MiB'] = Throughput('echo', (8, 1 << 20), seconds, named).alone(proxy)
        results['SNI proxy, connections'] = Throughput('churn', (32,), seconds, named).alone(proxy)
    return results
