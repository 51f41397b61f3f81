'use strict';
// util.parseArgs: options and positionals of a command line.
const { codes } = require('internal/errors/codes');
const {
  validateArray,
  validateBoolean,
  validateObject,
  validateString,
} = require('internal/errors/validators');

function checkDefault(value, type, multiple, name) {
  const check = type === 'string' ? validateString : validateBoolean;
  if (!multiple) {
    check(value, name);
    return;
  }
  validateArray(value, name);
  value.forEach((one, i) => check(one, `${name}[${i}]`));
}

function checkOptions(options) {
  validateObject(options, 'options');
  for (const [name, option] of Object.entries(options)) {
    const path = `options.${name}`;
    validateObject(option, path);
    if (option.type !== 'string' && option.type !== 'boolean')
      throw new codes.ERR_INVALID_ARG_TYPE(`${path}.type`, "('string|boolean')", option.type);
    if (option.short !== undefined) {
      validateString(option.short, `${path}.short`);
      if (option.short.length !== 1)
        throw new codes.ERR_INVALID_ARG_VALUE(
          `${path}.short`,
          option.short,
          'must be a single character',
        );
    }
    if (option.multiple !== undefined) validateBoolean(option.multiple, `${path}.multiple`);
    if (option.default !== undefined)
      checkDefault(option.default, option.type, option.multiple === true, `${path}.default`);
  }
}

/** Turns arguments into tokens; what an option takes depends on its type. */
function tokenize(args, options) {
  const tokens = [];
  const byShort = new Map();
  for (const [name, { short }] of Object.entries(options))
    if (short !== undefined) byShort.set(short, name);
  const typeOf = (name) => (Object.hasOwn(options, name) ? options[name].type : undefined);
  for (let index = 0; index < args.length; index++) {
    const argument = args[index];
    if (argument === '--') {
      tokens.push({ kind: 'option-terminator', index });
      for (index++; index < args.length; index++)
        tokens.push({ kind: 'positional', index, value: args[index] });
      break;
    }
    const add = (name, rawName, value, inlineValue, at = index) =>
      tokens.push({ kind: 'option', name, rawName, index: at, value, inlineValue });
    if (typeof argument !== 'string') {
      tokens.push({ kind: 'positional', index, value: argument });
    } else if (argument.startsWith('--')) {
      const equals = argument.indexOf('=', 3);
      if (equals > 0) {
        const name = argument.slice(2, equals);
        add(name, `--${name}`, argument.slice(equals + 1), true);
        continue;
      }
      const name = argument.slice(2);
      if (typeOf(name) === 'string' && index + 1 < args.length)
        add(name, argument, args[index + 1], false, index++);
      else add(name, argument, undefined, undefined);
    } else if (argument.length > 1 && argument[0] === '-') {
      for (let at = 1; at < argument.length; at++) {
        const short = argument[at];
        const name = byShort.get(short) ?? short;
        if (typeOf(name) !== 'string') {
          add(name, `-${short}`, undefined, undefined);
          continue;
        }
        if (at + 1 < argument.length) add(name, `-${short}`, argument.slice(at + 1), true);
        else if (index + 1 < args.length) add(name, `-${short}`, args[index + 1], false, index++);
        else add(name, `-${short}`, undefined, undefined);
        break;
      }
    } else tokens.push({ kind: 'positional', index, value: argument });
  }
  return tokens;
}

function shownName(token, options) {
  const short = options[token.name].short;
  return short ? `-${short}, --${token.name}` : `--${token.name}`;
}

function checkToken(token, options, allowPositionals) {
  if (!Object.hasOwn(options, token.name)) {
    const hint = allowPositionals
      ? `. To specify a positional argument starting with a '-', place it at the end of the command after '--', as in '-- "${token.rawName}"`
      : '';
    throw new codes.ERR_PARSE_ARGS_UNKNOWN_OPTION(`Unknown option '${token.rawName}'${hint}`);
  }
  const { type } = options[token.name];
  if (type === 'string' && typeof token.value !== 'string')
    throw new codes.ERR_PARSE_ARGS_INVALID_OPTION_VALUE(
      `Option '${shownName(token, options)} <value>' argument missing`,
    );
  if (type === 'boolean' && token.value !== undefined)
    throw new codes.ERR_PARSE_ARGS_INVALID_OPTION_VALUE(
      `Option '${shownName(token, options)}' does not take an argument`,
    );
  if (type === 'string' && token.inlineValue === false && /^-./.test(token.value)) {
    const dashes = token.rawName.startsWith('--')
      ? `'${token.rawName}=-XYZ'`
      : `'--${token.name}=-XYZ' or '${token.rawName}-XYZ'`;
    throw new codes.ERR_PARSE_ARGS_INVALID_OPTION_VALUE(
      `Option '${token.rawName}' argument is ambiguous.\nDid you forget to specify the option argument for '${token.rawName}'?\nTo specify an option argument starting with a dash use ${dashes}.`,
    );
  }
}

/**
 * Parses a command line.
 * @param {{ args?: string[], options?: object, strict?: boolean, allowPositionals?: boolean,
 *   tokens?: boolean }} [config]
 * @returns {{ values: object, positionals: string[], tokens?: object[] }}
 */
function parseArgs(config = {}) {
  validateObject(config, 'config');
  const {
    args = process.argv.slice(2),
    options = {},
    strict = true,
    tokens: wantTokens = false,
  } = config;
  const { allowPositionals = !strict, allowNegative = false } = config;
  validateArray(args, 'args');
  validateBoolean(strict, 'strict');
  validateBoolean(allowPositionals, 'allowPositionals');
  validateBoolean(allowNegative, 'allowNegative');
  validateBoolean(wantTokens, 'tokens');
  checkOptions(options);
  const tokens = tokenize(args, options);
  const values = { __proto__: null };
  const positionals = [];
  for (const token of tokens) {
    if (token.kind === 'positional') {
      if (!allowPositionals)
        throw new codes.ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL(
          `Unexpected argument '${token.value}'. This command does not take positional arguments`,
        );
      positionals.push(token.value);
    } else if (token.kind === 'option') {
      let on = true;
      const positive = token.name.slice(3);
      if (allowNegative && token.name.startsWith('no-') && options[positive]?.type === 'boolean') {
        token.name = positive;
        on = false;
      }
      if (strict) checkToken(token, options, allowPositionals);
      if (token.name === '__proto__') continue;
      const value = token.value ?? on;
      if (options[token.name]?.multiple) (values[token.name] ??= []).push(value);
      else values[token.name] = value;
    }
  }
  for (const [name, option] of Object.entries(options))
    if (option.default !== undefined && !(name in values)) values[name] = option.default;
  return wantTokens ? { values, positionals, tokens } : { values, positionals };
}

module.exports = { parseArgs };
