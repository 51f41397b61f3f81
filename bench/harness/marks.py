"""The marks that sluice is to meet, compared with docs/benchmarks.md as `bench/run --write` wrote it."""
import re

# Of the processor time for an operation, as a ratio to the limit's: at most.
CPU = {
    'echo 1×64 B': 1.08, 'echo 64×64 B': 1.03, 'echo 64×1 KiB': 1.05, 'echo 1000×64 B': 1.10,
    'echo 9000×64 B': 1.05, 'bulk 8×1 MiB': 1.25, 'connect-echo-close, 32 at a time': 1.08,
    'connect-echo-close, the first 20,000': 1.5, 'TLS echo 64×64 B': 0.88, 'TLS bulk 8×1 MiB': 0.50,
    'TLS full handshake': 0.88, 'TLS resumed handshake': 0.90,
}
# Words of the cell, each with its unit: at most.
AMOUNTS = {
    r'\d+ idle connections': {'B': 1000}, r'\d+ idle TLS connections': {'B': 4500},
    'empty program': {'ms': 13, 'MB': 27}, r"require\('net'\)": {'ms CPU': 20},
    'one more task': {'ms CPU': 3.5, 'MB': 2.2}, 'one more task, with net': {'ms CPU': 8, 'MB': 3.5},
}
REDIS = 1.1  # of Bun's rate: at least
PEERS = ['Node net', 'Bun net', 'Deno net']


def rows(text, first):
    """The rows of the table whose head begins with these columns, by what is in the first one, as dictionaries."""
    lines = text.split('\n')
    start = next((i for i, line in enumerate(lines) if line.startswith('| ' + ' | '.join(first))), None)
    if start is None:
        return []
    head = [cell.strip() for cell in lines[start].strip('|').split('|')]
    found = []
    for line in lines[start + 2:]:
        if not line.startswith('|'):
            break
        found.append(dict(zip(head, (cell.strip() for cell in line.strip('|').split('|')))))
    return found


def number(pattern, cell):
    match = re.search(pattern, cell or '')
    return float(match[1].replace(',', '')) if match else None


def cpu(cell):
    return number(r'\(([\d.,]+)', cell)


def amount(unit, cell):
    return number(r'([\d.,]+) ' + re.escape(unit) + r'(?![\w])(?! CPU)', cell)


def judge(text):
    """Yields what is compared, what it is, what it should be, and whether it is met; None if it was not measured."""
    overview = {row['case']: row for row in rows(text, ['case', 'limit'])}
    for case, most in CPU.items():
        value = cpu(overview.get(case, {}).get('sluice'))
        yield f'{case}: CPU of the limit\'s', value, f'≤ {most}', None if value is None else value <= most
    for pattern, units in AMOUNTS.items():
        row = next((row for case, row in overview.items() if re.fullmatch(pattern, case)), {})
        for unit, most in units.items():
            value = amount(unit, row.get('sluice'))
            name = row.get('case', pattern.replace('\\', ''))
            yield f'{name}: {unit}', value, f'≤ {most}', None if value is None else value <= most
    for case in ('Redis-like, -P 1', 'Redis-like, -P 16'):
        ours, theirs = (number(r'^([\d.,]+) k/s', overview.get(case, {}).get(name)) for name in ('sluice', 'Bun net'))
        value = ours / theirs if ours and theirs else None
        yield f'{case}: rate of Bun\'s', value, f'≥ {REDIS}', None if value is None else value >= REDIS
    yield from beside_peers(overview, rows(text, ['case', 'server', 'rate /s']))


def beside_peers(overview, details):
    for case, row in overview.items():
        ours = cpu(row.get('sluice'))
        best = min((value for value in (cpu(row.get(name)) for name in PEERS) if value is not None), default=None)
        if ours is not None and best is not None:
            yield f'{case}: CPU, none of Node, Bun\'s net, Deno less', ours, f'≤ {best}', ours <= best
    for case in overview:
        p99 = {row['server']: number(r'^([\d.]+)$', row['p99 µs']) for row in details if row['case'] == case}
        ours = p99.pop('sluice', None)
        best = min((value for name, value in p99.items() if name != 'limit' and value is not None), default=None)
        if ours is not None and best is not None:
            yield f'{case}: p99 µs, the best peer\'s', ours, f'≤ {best:g}', ours <= best


def check(path):
    """Prints each mark; returns 0 if all are met, 1 otherwise."""
    with open(path, encoding='utf-8') as file:
        results = list(judge(file.read()))
    for name, value, mark, met in results:
        state = {True: 'met     ', False: 'missed  ', None: 'unknown '}[met]
        print(f'{state} {name}: {"not measured" if value is None else f"{value:g}"} ({mark})')
    print(f'{sum(met is True for *_, met in results)} of {len(results)} marks met')
    return 0 if all(met for *_, met in results) else 1
