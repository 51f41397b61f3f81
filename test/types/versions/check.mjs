// Compiles programs/ against types/ with every TypeScript of this folder's lock file, the newest with
// every @types/node and lib.
//
//   node check.mjs FOLDER     where node_modules is, or is installed by the lock file
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const folder = resolve(process.argv[2]);

const COMPILERS = ['typescript-5', 'typescript-6', 'typescript-7'];
const NODES = ['@types/node', 'types-node-22'];
const LIBS = { 'without lib.dom': ['es2024', 'esnext'], 'with lib.dom': ['es2024', 'esnext', 'dom'] };

function install() {
  mkdirSync(folder, { recursive: true });
  const lock = readFileSync(join(here, 'package-lock.json'), 'utf8');
  const installed = join(folder, 'installed');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === lock) return;
  for (const name of ['package.json', 'package-lock.json', '.npmrc'])
    copyFileSync(join(here, name), join(folder, name));
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  execFileSync(npm, ['ci', '--ignore-scripts', '--no-progress'], { cwd: folder, stdio: 'inherit' });
  writeFileSync(installed, lock);
}

/** One compilation; returns what the compiler says, '' if all is well. */
function compile(compiler, node, lib) {
  const project = join(folder, `${compiler} ${node.replace('/', ' ')} ${lib.length}`);
  rmSync(project, { recursive: true, force: true });
  mkdirSync(join(project, 'node_modules/@types'), { recursive: true });
  const link = (name, target) => execFileSync('ln', ['-s', target, join(project, name)]);
  link('node_modules/@types/node', join(folder, 'node_modules', node));
  link('node_modules/undici-types', join(folder, 'node_modules/undici-types'));
  execFileSync('cp', ['-r', join(here, '../../../types'), join(project, 'types')]);
  execFileSync('cp', ['-r', join(here, 'programs'), join(project, 'programs')]);
  writeFileSync(
    join(project, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        target: 'es2023',
        lib,
        module: 'node16',
        strict: true,
        noEmit: true,
        esModuleInterop: true,
        types: ['node', './types'],
      },
      include: ['programs/*'],
    }),
  );
  const { bin } = JSON.parse(
    readFileSync(join(folder, 'node_modules', compiler, 'package.json'), 'utf8'),
  );
  const tsc = join(folder, 'node_modules', compiler, typeof bin === 'string' ? bin : bin.tsc);
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', project], {
    encoding: 'utf8',
  });
  return status === 0 ? '' : `${stdout}${stderr}` || `exit code ${status}`;
}

install();
let failed = false;
for (const compiler of COMPILERS)
  for (const node of NODES)
    for (const [name, lib] of Object.entries(LIBS)) {
      if (compiler !== COMPILERS.at(-1) && (node !== NODES[0] || name !== 'with lib.dom')) continue;
      const said = compile(compiler, node, lib);
      console.log(`${said === '' ? 'ok' : 'not ok'} - ${compiler}, ${node}, ${name}`);
      if (said === '') continue;
      failed = true;
      console.log(said.replace(/^/gm, '    '));
    }
process.exitCode = failed ? 1 : 0;
