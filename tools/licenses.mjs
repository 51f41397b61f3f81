// The licences of the packages that are bundled, as esbuild's metafiles list their files.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The packages, sorted, whose files are in a bundle: {name, version, license, text}. */
export function bundledPackages(source, metafiles) {
  const folders = new Set();
  for (const { inputs } of metafiles) {
    for (const file of Object.keys(inputs)) {
      const at = file.lastIndexOf('node_modules/');
      if (at < 0) continue;
      const [scope, name] = file.slice(at + 'node_modules/'.length).split('/');
      const folder = scope.startsWith('@') ? `${scope}/${name}` : scope;
      folders.add(file.slice(0, at) + 'node_modules/' + folder);
    }
  }
  return [...folders].sort().map((folder) => describe(path.join(source, folder)));
}

function describe(folder) {
  const { name, version, license } = JSON.parse(
    readFileSync(path.join(folder, 'package.json'), 'utf8'),
  );
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  if (!license || !file) throw new Error(`${folder} names no licence, or has no text of it`);
  return { name, version, license, text: readFileSync(path.join(folder, file), 'utf8').trim() };
}

/** What `sluice --licenses` prints. */
export function licenseText(source, packages) {
  const rule = '-'.repeat(80);
  const parts = packages.map(
    ({ name, version, license, text }) => `${name} ${version} (${license})\n\n${text}\n`,
  );
  const list = packages.map(({ name, version, license }) => `  ${name} ${version}: ${license}\n`);
  return [
    `sluice (Apache-2.0)\n\nThe binary holds code of these packages:\n\n${list.join('')}`,
    readFileSync(path.join(source, 'LICENSE'), 'utf8').trim() + '\n',
    ...parts,
  ].join(`\n${rule}\n\n`);
}
