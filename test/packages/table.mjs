// table.mjs DIRECTORY [FILE]: writes what the tests of packages found, from DIRECTORY/results, as a
// table into FILE (docs/compatibility.md), between its marks.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';

const [directory, file] = process.argv.slice(2);
const BEGIN = '<!-- packages: written by test/packages/table.mjs -->';
const END = '<!-- end of packages -->';

const records = readdirSync(`${directory}/results`)
  .filter((name) => name.endsWith('.json'))
  .sort()
  .map((name) => JSON.parse(readFileSync(`${directory}/results/${name}`, 'utf8')));

function result({ skipped, results }) {
  if (skipped !== undefined) return `not run: ${skipped}`;
  const failed = results.filter(({ passed }) => !passed);
  if (failed.length === 0) return `passes (${results.length})`;
  return `${results.length - failed.length} of ${results.length}; fails: ${failed.map(({ test }) => test).join('; ')}`;
}

const rows = records.map((record) => {
  const exercised = record.results.map(({ test }) => test).join('; ');
  return `| ${record.package} | ${record.version} | ${record.servers.join(', ') || '-'} | ${exercised} | ${result(record)} |`;
});
const table = [
  '| Package | Version | Against | Exercised | Result |',
  '|---|---|---|---|---|',
  ...rows,
].join('\n');

if (file === undefined) {
  console.log(table);
} else {
  const text = readFileSync(file, 'utf8');
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`${file} has not the marks ${BEGIN} and ${END}`);
  const next = `${before}${BEGIN}\n\n${table}\n\n${END}${after}`;
  if (next !== text) writeFileSync(file, next);
}
