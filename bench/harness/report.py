"""Tables and charts of what was measured."""
import os
import subprocess

from .servers import BENCH, BUILD, ROOT

TITLES = {'limit': 'limit', 'sluice': 'sluice', 'node': 'Node net', 'bun': 'Bun net', 'bun-listen': 'Bun.listen',
          'deno': 'Deno net'}


def ratio(figures, key):
    """The median ratio to the limit, or None where there is none."""
    return figures[key]['ratio']['median'] if 'ratio' in figures[key] else None


def summary(figures):
    """One cell of the overview."""
    if figures is None:
        return ''
    if 'rate' in figures:
        rate, cpu = ratio(figures, 'rate'), ratio(figures, 'cpu')
        if rate is None:
            return f"{figures['rate']['median'] / 1000:.1f} k/s ({figures['cpu']['median']:.2f} µs)"
        return f'{rate:.2f} ({cpu:.2f})'
    if 'wanted' in figures:
        return f"{figures['p50']['median']:.0f} µs, p99 {figures['p99']['median']:.0f} µs"
    if 'busy' in figures:
        whole = f"{figures['ms']['median']:.0f} ms, " if 'ms' in figures else ''
        return f"{whole}{figures['busy']['median']:.1f} ms CPU, {figures['bytes']['median'] / 1e6:.1f} MB"
    if 'ns' in figures:
        return f"{figures['ns']['median']:.0f} ns"
    return f"{figures['bytes']['median']:,.0f} B"


def overview(results, names):
    lines = ['| case | ' + ' | '.join(TITLES[name] for name in names) + ' |', '|---' * (len(names) + 1) + '|']
    for case, servers in results.items():
        cells = [summary(servers.get(name)) for name in names]
        lines.append(f'| {case} | ' + ' | '.join(cells) + ' |')
    return '\n'.join(lines)


def details(results):
    lines = ['| case | server | rate /s | least–most | CPU µs/op | of the limit | p50 µs | p99 µs |',
             '|---|---|---|---|---|---|---|---|']
    for case, servers in results.items():
        for name, figures in servers.items():
            if 'rate' not in figures:
                continue
            rate, of = figures['rate'], figures['cpu'].get('ratio')
            latency = [f"{figures[key]['median']:.0f}" if key in figures else '' for key in ('p50', 'p99')]
            lines.append(f"| {case} | {TITLES[name]} | {rate['median']:,.0f} | {rate['least']:,.0f}–"
                         f"{rate['most']:,.0f} | {figures['cpu']['median']:.2f} | "
                         f"{'{least:.2f}–{most:.2f}'.format(**of) if of else ''} | {' | '.join(latency)} |")
    return '\n'.join(lines)


def group_table(groups):
    lines = ['| tasks | rate /s | CPU µs/op | of one task | most − fewest connections | start | RSS |',
             '|---|---|---|---|---|---|---|']
    alone = groups[0]['cpu']['median']
    for subs, figures in groups.items():
        median = {key: value['median'] for key, value in figures.items()}
        lines.append(f"| {subs + 1} | {median['rate']:,.0f} | {median['cpu']:.2f} | {median['cpu'] / alone:.2f} | "
                     f"{median['spread']:.0f} | {median['ms']:.0f} ms | {median['bytes'] / 1e6:.1f} MB |")
    return '\n'.join(lines)


def twins_table(twins):
    lines = ['| case | C++ /s | JavaScript /s | ratio | CPU µs/op, C++ | JavaScript | ratio |',
             '|---|---|---|---|---|---|---|']
    for case, figures in twins.items():
        rates = [figures[language]['rate']['median'] for language in ('C++', 'JavaScript')]
        cpus = [figures[language]['cpu']['median'] for language in ('C++', 'JavaScript')]
        ratios = [f'{ours / theirs:.2f}' if theirs else '' for ours, theirs in (rates, cpus)]
        lines.append(f'| {case} | {rates[0]:,.0f} | {rates[1]:,.0f} | {ratios[0]} | {cpus[0]:.2f} | {cpus[1]:.2f} | '
                     f'{ratios[1]} |')
    return '\n'.join(lines)


def tables(results, groups, twins, names):
    text = ''
    if results:
        text += 'Rate as a ratio to the limit, in brackets the CPU time for an operation as a ratio to the limit\'s.\n\n'
        text += overview(results, names) + '\n\n## In figures\n\n' + details(results) + '\n'
    if groups:
        text += '\n## Server groups\n\nEcho of 64 B over 64 connections on a group of tasks, master included.\n\n'
        text += group_table(groups) + '\n'
    if twins:
        text += ('\n## C++ and JavaScript\n\nThe programs of examples/cpp, built on the installed library, and their '
                 'twins in JavaScript (`bench/run --case twins`).\n\n' + twins_table(twins) + '\n')
    return text


def document(title, text, about):
    versions = '\n'.join(f'  - {TITLES[name].split()[0]}: {version}' for name, version in about['versions'].items())
    return (f"# {title}\n\nWritten by `{about['command']}` on {about['date']}. {about['what']}\n\n"
            f"- Machine: {about['machine']}; loopback.\n- Versions:\n{versions}\n\n{text}")


def write_to(file, text, about):
    """The same tables for a machine or release that is not the one of docs/benchmarks.md."""
    with open(file, 'w', encoding='utf-8') as out:
        out.write(document('Benchmarks: ' + about['versions']['sluice'], text, about))


def write(text, about, results):
    folder = os.path.join(ROOT, 'docs', 'benchmarks')
    os.makedirs(folder, exist_ok=True)
    file = os.path.join(BUILD, 'results.json')
    with open(file, 'w', encoding='utf-8') as out:
        out.write(results)
    subprocess.run(['node', os.path.join(BENCH, 'harness', 'charts.mjs'), file, folder], check=True)
    names = sorted(os.listdir(folder))
    charts = '\n'.join(f'![{name[:-4]}](benchmarks/{name})' for name in names if not name.endswith('.md'))
    others = '\n'.join(f'- [{name[:-3]}](benchmarks/{name})' for name in names if name.endswith('.md'))
    text += f'\n## Charts\n\n{charts}\n' + (f'\n## Elsewhere\n\n{others}\n' if others else '')
    with open(os.path.join(ROOT, 'docs', 'benchmarks.md'), 'w', encoding='utf-8') as out:
        out.write(document('Benchmarks', text, about))
