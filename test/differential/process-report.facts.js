'use strict';
// process.report, process.allowedNodeEnvironmentFlags, and options of the command that scripts pass.
const fs = require('fs');
const { spawnSync } = require('child_process');
const { inspect } = require('util');
const { folder } = require('./folder');
const { program } = require('./harness');

/** What a program of its own prints. */
function run(fact, label, args, options = {}) {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    ...options,
    env: { ...process.env, NODE_NO_WARNINGS: '', ...options.env },
  });
  const said = stderr.split('\n').filter((line) => /Error|Warning/.test(line));
  fact(
    label,
    status,
    signal,
    ...stdout.split('\n'),
    said.map((line) => line.replace(/:\d+\)/, ':PID)')),
  );
}

program('getReport()', (fact) => {
  const { report } = process;
  fact('members', Object.keys(report ?? {}).sort());
  const made = report.getReport();
  fact('parts', Object.keys(made));
  fact('header', Object.keys(made.header).sort());
  for (const [name, value] of Object.entries(made.header)) fact(name, typeof value);
  fact(
    'values',
    made.header.event,
    made.header.trigger,
    made.header.filename,
    made.header.wordSize,
    made.header.reportVersion,
    made.header.threadId,
  );
  fact('glibc', made.header.glibcVersionRuntime, made.header.processId === process.pid);
  fact(
    'cpus',
    Object.keys(made.header.cpus[0]),
    Object.keys(made.header.networkInterfaces[0]).slice(0, 5),
  );
  fact(
    'stack',
    Object.keys(made.javascriptStack),
    made.javascriptStack.message,
    Array.isArray(made.javascriptStack.stack),
  );
  fact('limits', Object.keys(made.userLimits).sort(), Object.keys(made.userLimits.open_files));
  fact('usage', Object.keys(made.resourceUsage).sort());
  fact(
    'libraries',
    made.sharedObjects.some((one) => one.includes('libc.so')),
  );
  fact('environment', made.environmentVariables.PATH === process.env.PATH);
  const told = report.getReport(Object.assign(new TypeError('told'), { code: 'CODE' }));
  fact('of an error', told.javascriptStack.message, told.javascriptStack.errorProperties);
  for (const bad of [5, 'x', null, {}])
    fact.of(`getReport ${inspect(bad)}`, () => typeof report.getReport(bad));
});

program('settings of process.report', (fact) => {
  const { report } = process;
  for (const name of Object.keys(report).sort()) {
    if (typeof report[name] === 'function') continue;
    fact(name, report[name]);
    for (const value of [5, 'x', true, null, undefined, 'SIGUSR1']) {
      const before = report[name];
      fact.of(`${name} = ${inspect(value)}`, () => (report[name] = value));
      try {
        report[name] = before;
      } catch {}
    }
  }
});

program('writeReport()', (fact, t) => {
  const { at, of } = folder(fact, t);
  const { report } = process;
  report.directory = at();
  of('named', () => report.writeReport('one.json'));
  of('parsed', () => JSON.parse(fs.readFileSync(at('one.json'))).header.filename);
  of('a name of its own', () =>
    /^report\.\d{8}\.\d{6}\.\d+\.\d+\.\d{3}\.json$/.test(report.writeReport()),
  );
  of(
    'of an error',
    () => (
      report.writeReport('two.json', new Error('two')),
      JSON.parse(fs.readFileSync(at('two.json'))).javascriptStack.message
    ),
  );
  report.compact = true;
  of(
    'compact',
    () => (
      report.writeReport('three.json'),
      fs.readFileSync(at('three.json'), 'utf8').trim().split('\n').length
    ),
  );
  report.excludeEnv = report.excludeNetwork = true;
  of('less', () => [
    Object.keys(report.getReport()).includes('environmentVariables'),
    'networkInterfaces' in report.getReport().header,
  ]);
  report.compact = report.excludeEnv = report.excludeNetwork = false;
  for (const bad of [5, null]) of(`writeReport ${bad}`, () => report.writeReport(bad));
  report.directory = '';
});

program('reports that are not asked for', (fact, t) => {
  const { at } = folder(fact, t);
  const options = { cwd: at() };
  const written = (name) => {
    const { header } = JSON.parse(fs.readFileSync(at(name), 'utf8'));
    fact(name, header.event, header.trigger, header.filename);
  };
  const settings = 'process.report.reportOnUncaughtException = true; process.report.filename =';
  run(fact, 'uncaught', ['-e', `${settings} 'r.json'; throw new Error('x')`], options);
  written('r.json');
  const listing = `console.log(require('fs').readdirSync('.').filter((f) => f.startsWith('report')).length)`;
  run(
    fact,
    'signal',
    [
      '-e',
      `process.report.reportOnSignal = true; process.kill(process.pid, 'SIGUSR2'); setTimeout(() => ${listing}, 300)`,
    ],
    options,
  );
  const flags = ['--report-uncaught-exception', '--report-filename=o.json'];
  run(fact, 'by option', [...flags, '-e', `throw new Error('x')`], options);
  written('o.json');
});

program('allowedNodeEnvironmentFlags', (fact) => {
  const flags = process.allowedNodeEnvironmentFlags;
  fact(
    'kind',
    flags instanceof Set,
    flags.constructor.name,
    flags.size > 50,
    Object.isFrozen(flags),
  );
  for (const name of [
    '--require',
    '-r',
    '--no-warnings',
    '--max-old-space-size',
    '--max_old_space_size',
    'max-old-space-size',
    '--none',
    '--conditions',
    '-C',
    '--eval',
    '-e',
    '--env-file',
    '--title=x',
    '--import',
    '--no-deprecation',
    '',
    5,
  ])
    fact.of(`has ${name}`, () => flags.has(name));
  for (const call of ['add', 'delete', 'clear'])
    fact.of(
      call,
      () => flags[call]('--x') === flags,
      (value) => [value, flags.has('--x')],
    );
  fact('kinds', typeof [...flags][0], typeof flags.forEach);
});

program('--env-file', (fact, t) => {
  const { at } = folder(fact, t);
  fs.writeFileSync(at('one.env'), 'FACT_A=1\nFACT_B=from one\nPATH=never\n');
  fs.writeFileSync(
    at('two.env'),
    'FACT_B=from two\nexport FACT_C="c d"\nNODE_OPTIONS="--title=titled"\n',
  );
  const options = { cwd: at() };
  const code =
    'console.log(process.env.FACT_A, process.env.FACT_B, process.env.FACT_C, process.env.PATH !== "never", process.title === "titled")';
  run(fact, 'one', ['--env-file=one.env', '-e', code], options);
  run(fact, 'apart', ['--env-file', 'one.env', '-e', code], options);
  run(fact, 'two', ['--env-file=one.env', '--env-file=two.env', '-e', code], options);
  run(
    fact,
    'if exists',
    ['--env-file-if-exists=none.env', '--env-file-if-exists=one.env', '-e', code],
    options,
  );
  run(fact, 'set already', ['--env-file=one.env', '-e', code], {
    ...options,
    env: { FACT_A: 'before' },
  });
  const { status, stdout } = spawnSync(process.execPath, ['--env-file=none.env', '-e', code], {
    ...options,
    encoding: 'utf8',
  });
  fact('none', status, stdout);
});

program('options that scripts pass', (fact) => {
  const p = (label, args, code, options) => run(fact, label, [...args, '-p', code], options);
  p('title', ['--title=abc'], 'process.title');
  p('expose-gc', ['--expose-gc'], 'typeof gc, typeof globalThis.gc');
  p('no-expose-gc', [], 'typeof gc');
  p('stack-trace-limit', ['--stack-trace-limit=3'], 'Error.stackTraceLimit');
  p('max-http-header-size', ['--max-http-header-size=20000'], 'require("http").maxHeaderSize');
  p('input-type', ['--input-type=commonjs'], 'typeof require');
  p('execArgv', ['--no-warnings', '--title', 'x'], 'process.execArgv');
  p('NODE_OPTIONS', [], 'process.title', { env: { NODE_OPTIONS: '--title=env' } });
  p('NODE_OPTIONS -r', [], 'typeof globalThis.x', { env: { NODE_OPTIONS: '-r fs' } });
  p('disable-proto delete', ['--disable-proto=delete'], 'typeof ({}).__proto__');
  p(
    'disable-proto throw',
    ['--disable-proto=throw'],
    'try { ({}).__proto__ } catch (e) { e.code }',
  );
  p('pending-deprecation', ['--pending-deprecation'], '5');
  p('no-deprecation', ['--no-deprecation'], 'process.noDeprecation');
  p('throw-deprecation', ['--throw-deprecation'], 'process.throwDeprecation');
  p('trace-deprecation', ['--trace-deprecation'], 'process.traceDeprecation');
  p('dns-result-order', ['--dns-result-order=ipv4first'], 'require("dns").getDefaultResultOrder()');
  p(
    'no autoselection',
    ['--no-network-family-autoselection'],
    'require("net").getDefaultAutoSelectFamily()',
  );
  p(
    'attempt',
    ['--network-family-autoselection-attempt-timeout=500'],
    'require("net").getDefaultAutoSelectFamilyAttemptTimeout()',
  );
  p('tls-min', ['--tls-min-v1.3'], 'require("tls").DEFAULT_MIN_VERSION');
  p(
    'tls-cipher-list',
    ['--tls-cipher-list=ECDHE-RSA-AES128-GCM-SHA256'],
    'require("tls").DEFAULT_CIPHERS',
  );
  p('insecure', ['--insecure-http-parser'], '5');
  p(
    'enable-source-maps',
    ['--enable-source-maps'],
    'process.sourceMapsEnabled, require("module").getSourceMapsSupport().enabled',
  );
  p('warnings', ['--no-warnings'], 'process.emitWarning("x"), 5');
  p('several', ['-r', 'fs', '--require', 'path'], '5');
  for (const mode of ['strict', 'warn', 'none', 'throw', 'warn-with-error-code'])
    run(fact, `rejections ${mode}`, [
      `--unhandled-rejections=${mode}`,
      '-e',
      'Promise.reject(new Error("x")); setTimeout(() => console.log("on"), 5)',
    ]);
  run(fact, 'trace-uncaught', ['--trace-uncaught', '-e', 'console.log(1)']);
  run(fact, 'check', ['--check', __filename]);
  run(fact, 'redirect-warnings', [
    '--redirect-warnings=/dev/null',
    '-e',
    'process.emitWarning("x")',
  ]);
});
