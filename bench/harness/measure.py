"""What is measured, a function a kind of case. Each returns a dictionary of figures."""
import json
import os
import re
import resource
import subprocess
import time

from . import servers
from .servers import BENCH, BUILD, Server, pin


def load(server, mode, *rest):
    words = pin(1) + [os.path.join(BUILD, 'load'), mode, server.port, *map(str, rest)]
    return json.loads(subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout)


def throughput(words, mode, arguments, seconds, flags=()):
    """Operations a second and the server's processor time for each."""
    with Server(words) as server:
        load(server, mode, *arguments, 0.5, *flags)
        before = server.cpu()
        figures = load(server, mode, *arguments, seconds, *flags)
        figures['cpu'] = (server.cpu() - before) / max(figures['operations'], 1) * 1e6
        return figures


def idle(words, count, flags=()):
    """Resident bytes for each connection that echoed once and is idle."""
    with Server(words) as server:
        load(server, 'echo', 1, 64, 0.2, *flags)
        before = server.rss()
        clients = subprocess.Popen(pin(1) + [os.path.join(BUILD, 'load'), 'idle', server.port, str(count), *flags],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if clients.stdout.readline().strip() != 'open':
            raise SystemExit('load idle: not all connections could be opened')
        after = server.rss()
        clients.stdin.close()
        clients.wait()
        return {'bytes': (after - before) / count}


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
    """Milliseconds and resident bytes of an empty program, the best of some runs."""
    times, sizes = [], []
    for _ in range(runs):
        begin = time.perf_counter()
        process = subprocess.Popen(pin(0) + words, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = status
        times.append((time.perf_counter() - begin) * 1000)
        sizes.append(usage.ru_maxrss * resource.getpagesize() // 4)
        if status != 0:
            raise SystemExit(f'{words}: exit status {status}')
    return {'ms': min(times), 'bytes': min(sizes)}


def group(subs, seconds):
    """A server group of subs + 1 tasks, unpinned on its side: costs, evenness, and what a sub takes."""
    words = [servers.SLUICE, os.path.join(BENCH, 'servers', 'group-echo.js'), str(subs)]
    begin = time.perf_counter()
    with Server(words) as server:
        started = (time.perf_counter() - begin) * 1000
        size = server.rss()
        load(server, 'echo', 64, 64, 0.5)
        before = server.cpu()
        figures = load(server, 'echo', 64, 64, seconds)
        cpu = (server.cpu() - before) / max(figures['operations'], 1) * 1e6
        counts = json.loads(server.ask())
        return {'rate': figures['rate'], 'cpu': cpu, 'spread': max(counts) - min(counts), 'ms': started,
                'bytes': size}
