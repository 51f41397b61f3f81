'use strict';
// The options of the command that change how the process behaves (process.execArgv), and what they
// set. src/cli/options.cc tells which of them there are.
const runtime = binding('module');

const REJECTIONS = ['strict', 'warn', 'none', 'throw', 'warn-with-error-code'];
const RESULT_ORDERS = ['verbatim', 'ipv4first', 'ipv6first'];
const INVALID_OPTION = 9; // exit code, as Node's

let values;

/** The variable NODE_OPTIONS; in a worker that of the environment it was given. */
const environmentOptions = () =>
  binding('task').isWorker
    ? require('internal/base/environment').own('NODE_OPTIONS')
    : binding('process').ownEnv('NODE_OPTIONS');

/** The words of NODE_OPTIONS; a part in double quotes may have spaces. */
function environmentWords() {
  const text = environmentOptions() ?? '';
  const words = text.match(/(?:[^\s"]|"(?:[^"\\]|\\.)*")+/g) ?? [];
  return words.map((word) =>
    word.replace(/"((?:[^"\\]|\\.)*)"/g, (_, inner) => inner.replace(/\\(.)/g, '$1')),
  );
}

/** Sets the variables of the files of --env-file that are not set; the last file wins. */
function loadEnvironmentFiles() {
  const { parseEnv } = require('internal/util/parse_env');
  const found = {};
  for (const [i, word] of runtime.execArguments.entries()) {
    const [, ifExists, attached] = /^--env-file(-if-exists)?(?:=([^]*))?$/.exec(word) ?? [word];
    if (attached === undefined && !/^--env-file(?:-if-exists)?$/.test(word)) continue;
    const file = attached ?? runtime.execArguments[i + 1];
    const text = runtime.readOptional(file);
    if (text !== undefined) Object.assign(found, parseEnv(text));
    else if (ifExists === undefined) {
      binding('runtime').writeSync(2, `sluice: ${file}: not found\n`);
      process.reallyExit(INVALID_OPTION);
    }
  }
  for (const [name, value] of Object.entries(found)) process.env[name] ??= value;
}

/** Every option by its name without dashes in front: its value, '' without one. */
function all() {
  if (values !== undefined) return values;
  values = new Map();
  const words = [...environmentWords(), ...runtime.execArguments];
  for (const [i, word] of words.entries()) {
    const [, name, attached] = /^--?([^=]+)(?:=([^]*))?$/.exec(word) ?? [];
    if (name === undefined) continue;
    const next = words[i + 1] ?? '';
    const value = attached ?? (next.startsWith('-') ? '' : next);
    const key = name.replaceAll('_', '-');
    values.set(key, [...(values.get(key) ?? []), value]);
  }
  return values;
}

/** @returns {string[]|undefined} the values of an option, undefined if it was not given */
const flag = (name) => all().get(name);

/** Modules that NODE_OPTIONS wants to be loaded first. */
function environmentPreloads() {
  const words = environmentWords();
  const modules = [];
  for (const [i, word] of words.entries()) {
    const [, attached] = /^(?:-r|--require)(?:=([^]*))?$/.exec(word) ?? ['', null];
    if (attached !== null) modules.push(attached ?? words[i + 1]);
  }
  return modules.filter(Boolean);
}

/** Ends the process where an option has another value than one of these. */
function checkOneOf(name, allowed) {
  const value = all().get(name)?.at(-1);
  if (value === undefined || allowed.includes(value)) return;
  const message = `sluice: --${name} must be one of ${allowed.join(', ')}\n`;
  binding('runtime').writeSync(2, message);
  process.reallyExit(INVALID_OPTION);
}

/** Defines gc(), which has the engine collect what nothing refers to. */
function exposeCollector() {
  const { define } = require('internal/base/lazy');
  const { collect } = binding('runtime');
  define(
    globalThis,
    'gc',
    function gc() {
      collect();
    },
    false,
  );
}

/** Has `__proto__` of objects not be there, or throw. */
function disableProto(how) {
  checkOneOf('disable-proto', ['delete', 'throw']);
  if (how === 'delete') {
    delete Object.prototype.__proto__;
    return;
  }
  const refuse = () => {
    const { codes } = require('internal/errors/codes');
    throw new codes.ERR_PROTO_ACCESS();
  };
  Object.defineProperty(Object.prototype, '__proto__', {
    configurable: true,
    enumerable: false,
    get: refuse,
    set: refuse,
  });
}

/** Sets what the options say; called at the start if there are any. */
function applyFlags() {
  const names = all();
  if (names.has('no-deprecation')) process.noDeprecation = true;
  if (names.has('throw-deprecation')) process.throwDeprecation = true;
  if (names.has('trace-deprecation')) process.traceDeprecation = true;
  if (names.has('trace-warnings')) process.traceProcessWarnings = true;
  if (names.has('expose-gc')) exposeCollector();
  if (names.has('enable-source-maps'))
    require('internal/modules/source_maps').set(true, { nodeModules: true, generatedCode: true });
  if (names.has('disable-proto')) disableProto(names.get('disable-proto').at(-1));
  if (names.has('report-on-signal')) require('internal/process/diagnostic_report');
  if (names.has('title')) process.title = names.get('title').at(-1);
  checkOneOf('unhandled-rejections', REJECTIONS);
  checkOneOf('dns-result-order', RESULT_ORDERS);
  const limit = Number(names.get('stack-trace-limit')?.at(-1));
  if (Number.isInteger(limit)) Error.stackTraceLimit = limit;
}

/** The last value of an option as a number above 0, else undefined. */
function numberFlag(name) {
  const value = Number(flag(name)?.at(-1));
  return value > 0 ? value : undefined;
}

module.exports = { applyFlags, environmentPreloads, flag, loadEnvironmentFiles, numberFlag };
