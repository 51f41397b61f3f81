'use strict';
// What new Worker() is given, checked: the program, and how to start it.
const { codes } = require('internal/errors/codes');
const {
  validateArray,
  validateBoolean,
  validateObject,
  validateString,
} = require('internal/errors/validators');
const { SHARE_ENV, copyEnvironment } = require('internal/worker/environment');

const MB = 1024 * 1024;
const LIMITS = [
  'maxYoungGenerationSizeMb',
  'maxOldGenerationSizeMb',
  'codeRangeSizeMb',
  'stackSizeMb',
];
// Options of Node's command that name a module to load first.
const PRELOADS = ['-r', '--require'];

/** The program that the hooks of module.register() are, in place of a file's name. */
const HOOKS = Symbol('hooks');

/** What a worker runs: {kind: 'file' | 'url' | 'eval' | 'hooks', text}. */
function programOf(filename, options) {
  if (filename === HOOKS) return { kind: 'hooks', text: '' };
  if (options.eval) {
    validateString(filename, 'filename');
    return { kind: 'eval', text: filename };
  }
  if (filename instanceof URL || filename?.href !== undefined) {
    const url = `${filename.href}`;
    if (url.startsWith('data:')) return { kind: 'url', text: url };
    return { kind: 'file', text: require('url').fileURLToPath(url) };
  }
  if (typeof filename !== 'string')
    throw new codes.ERR_INVALID_ARG_TYPE('filename', ['string', 'URL'], filename);
  if (!/^\.{0,2}\//.test(filename)) throw new codes.ERR_WORKER_PATH(filename);
  return { kind: 'file', text: require('path').resolve(filename) };
}

function environmentOf({ env }) {
  if (env === SHARE_ENV) return null;
  if (env === undefined || env === null) return copyEnvironment(process.env);
  if (typeof env !== 'object')
    throw new codes.ERR_INVALID_ARG_TYPE(
      'options.env',
      ['object', 'undefined', 'null', 'worker_threads.SHARE_ENV'],
      env,
    );
  return copyEnvironment(env);
}

/** The limits that a worker has, those not given as 0. */
function limitsOf({ resourceLimits }) {
  const limits = {};
  if (resourceLimits !== undefined) validateObject(resourceLimits, 'options.resourceLimits');
  for (const name of LIMITS) {
    const value = resourceLimits?.[name];
    limits[name] = typeof value === 'number' && value > 0 ? value : 0;
  }
  return limits;
}

/** The modules that options like `-r module` name. @param {string[]} words */
function preloadsOf(words) {
  const modules = [];
  for (let i = 0; i < words.length; i++) {
    const [, name, value] = /^(-r|--[\w-]+)(?:=([^]*))?$/.exec(words[i]) ?? [];
    if (!PRELOADS.includes(name)) continue;
    const module = value ?? words[++i];
    if (module === undefined) throw new codes.ERR_WORKER_INVALID_EXEC_ARGV([words[i - 1]]);
    modules.push(module);
  }
  return modules;
}

/** Everything but the program. */
function readOptions(options) {
  validateObject(options, 'options');
  const { argv = [], execArgv = process.execArgv, stdin, stdout, stderr, name = '' } = options;
  validateArray(argv, 'options.argv');
  validateArray(execArgv, 'options.execArgv');
  validateString(name, 'options.name');
  for (const [key, value] of Object.entries({ stdin, stdout, stderr }))
    if (value !== undefined) validateBoolean(value, `options.${key}`);
  const execArguments = execArgv.map(String);
  const limits = limitsOf(options);
  return {
    argv: argv.map(String),
    env: environmentOf(options),
    execArguments,
    limits,
    maxHeap: (limits.maxOldGenerationSizeMb + limits.maxYoungGenerationSizeMb) * MB,
    name,
    preloads: options.execArgv ? preloadsOf(execArguments) : binding('module').preload,
    stackSize: limits.stackSizeMb * MB,
    streams: [stdin, stdout, stderr].map(Boolean),
  };
}

module.exports = { HOOKS, programOf, readOptions };
