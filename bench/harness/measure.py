"""What is measured, a function a kind of case. Each returns a dictionary of figures."""
import functools
import json
import os
import re
import resource
import subprocess
import time

from . import servers
from .servers import BENCH, BUILD, Server, pin


class Load:
    """Clients, on the second core where there are two, that stay connected until the end."""

    def __init__(self, server, mode, *rest):
        words = pin(1) + [os.path.join(BUILD, 'load'), mode, server.port, *map(str, rest)]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if mode != 'churn' and self.process.stdout.readline().strip() != 'open':
            raise SystemExit(f'{words}: not all connections could be opened')

    def figures(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit('load: no figures')
        return json.loads(line)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


def loaded(server, mode, *arguments):
    """Figures of a load, and the server's processor time for an operation once all are connected."""
    with Load(server, mode, *arguments) as clients:
        before = server.cpu()
        figures = clients.figures()
        figures['cpu'] = (server.cpu() - before) / max(figures['operations'], 1) * 1e6
        return figures


def throughput(words, mode, arguments, seconds, flags=(), warm=0.5):
    """Operations a second and the server's processor time for each, after warm seconds of the same."""
    with Server(words) as server:
        loaded(server, mode, *arguments, warm, *flags)
        return loaded(server, mode, *arguments, seconds, *flags)


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
    return throughput(servers.command('limit', 'echo'), 'echo', (width, size), 1)['rate']


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


def redis(words, pipeline, operations):
    """redis-benchmark's SET and GET, 50 connections: thousands a second, the mean of both."""
    with Server(words) as server:
        def run(count):
            done = subprocess.run(pin(1) + ['redis-benchmark', '-h', '127.0.0.1', '-p', server.port, '-t', 'set,get',
                                            '-n', str(count), '-P', str(pipeline), '-c', '50', '--csv'],
                                  check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            return [float(rate) for rate in re.findall(r'^"[SG]ET[^"]*","([\d.]+)"', done.stdout, re.M)]
        run(operations // 10)
        before = server.cpu()
        rates = run(operations)
        cpu = (server.cpu() - before) / (2 * operations) * 1e6
        return {'rate': sum(rates) / len(rates) / 1000, 'cpu': cpu}


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
        'TLS echo group of 2, 64×64 B': throughput(group, 'echo', (64, 64), seconds, named),
        'TLS echo group of 2, 8×1 MiB': throughput(group, 'echo', (8, 1 << 20), seconds, named),
        'TLS echo group of 2, handshakes': throughput(group, 'churn', (32,), seconds, named, 3),
        'line protocol, 64×64 B': throughput(program('line_protocol'), 'echo', (64, 64), seconds, ['--line']),
    }
    # Behind the proxy is the limit of TLS, on the core of the load.
    with Server([os.path.join(BUILD, 'limit_echo_tls'), *pair], core=1) as behind:
        proxy = program('sni_proxy') + [f'a.example=127.0.0.1:{behind.port}']
        results['SNI proxy, 64×64 B'] = throughput(proxy, 'echo', (64, 64), seconds, named)
        results['SNI proxy, 8×1 MiB'] = throughput(proxy, 'echo', (8, 1 << 20), seconds, named)
        results['SNI proxy, connections'] = throughput(proxy, 'churn', (32,), seconds, named)
    return results
