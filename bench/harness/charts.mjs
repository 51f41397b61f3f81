// Draws the charts of docs/benchmarks.md: charts.mjs RESULTS.json FOLDER
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
const require = createRequire(new URL('../package.json', import.meta.url));
const vega = await import(require.resolve('vega'));
const { compile } = await import(require.resolve('vega-lite'));

const [file, folder] = process.argv.slice(2);
const { cases, servers } = JSON.parse(readFileSync(file, 'utf8'));

// A row for each case and server that have the figure; ratios where the limit has it too.
function rows(key, ratio) {
  const all = [];
  for (const [name, byServer] of Object.entries(cases)) {
    for (const server of servers) {
      const figures = byServer[server]?.[key];
      const value = ratio ? figures?.ratio?.median : figures?.median;
      if (value === undefined || (ratio && server === 'limit')) continue;
      all.push({ case: name, server, value });
    }
  }
  return all;
}

async function draw(name, title, axis, values) {
  if (values.length === 0) return;
  const { spec } = compile({
    title,
    background: 'white',
    data: { values },
    mark: 'bar',
    width: 560,
    encoding: {
      y: { field: 'case', type: 'nominal', sort: null, title: null, axis: { labelLimit: 260 } },
      yOffset: { field: 'server', sort: servers },
      x: { field: 'value', type: 'quantitative', title: axis },
      color: { field: 'server', type: 'nominal', sort: servers, title: null },
    },
  });
  const view = new vega.View(vega.parse(spec), { renderer: 'none' });
  writeFileSync(`${folder}/${name}.svg`, await view.toSVG());
}

const idle = rows('bytes', false).filter((row) => row.case.includes('idle'));
await draw(
  'cpu',
  'Processor time of the server for an operation',
  'as a ratio to the limit (less is better)',
  rows('cpu', true),
);
await draw(
  'rate',
  'Operations a second',
  'as a ratio to the limit (more is better)',
  rows('rate', true),
);
await draw('idle', 'Memory of an idle connection', 'bytes (less is better)', idle);
