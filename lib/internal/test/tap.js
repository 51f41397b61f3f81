'use strict';
// Reports for programs: TAP 13, JUnit's XML, and a dot for each test.
const indent = (nesting) => '    '.repeat(nesting);
const escapeTap = (text) =>
  `${text}`
    .replaceAll('\\', '\\\\')
    .replaceAll('#', '\\#')
    .replace(/[\b\f\n\t\r\v]/g, (found) => JSON.stringify(found).slice(1, -1));

const lines = (text, by) =>
  text
    .split('\n')
    .map((line) => `${by}${line}\n`)
    .join('');

/** A value of a block of YAML. */
function yaml(by, name, value) {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string' && value.includes('\n'))
    return `${by}${name}: |-\n${lines(value, `${by}  `)}`;
  const text =
    typeof value === 'string'
      ? `'${value.replaceAll("'", "''")}'`
      : require('util').inspect(value, { breakLength: Infinity });
  return `${by}${name}: ${text}\n`;
}

// Kinds of failures of which the cause is told.
const CAUSED = new Set([
  'hookFailed',
  'testAborted',
  'testCodeFailure',
  'uncaughtException',
  'unhandledRejection',
]);

function yamlOfError(by, error) {
  const cause = error.cause instanceof Error && CAUSED.has(error.failureType) ? error.cause : error;
  let text = yaml(by, 'failureType', error.failureType);
  text += yaml(by, 'error', cause?.message ?? `${cause}`);
  text += yaml(by, 'code', cause?.code ?? error.code);
  if (cause?.name !== undefined && cause.name !== 'Error') text += yaml(by, 'name', cause.name);
  if (cause !== null && typeof cause === 'object' && 'expected' in cause && 'actual' in cause) {
    text += yaml(by, 'expected', cause.expected);
    text += yaml(by, 'actual', cause.actual);
    text += yaml(by, 'operator', cause.operator);
  }
  const stack =
    typeof cause?.stack === 'string'
      ? cause.stack
          .split('\n')
          .filter((line) => /^ +at /.test(line))
          .map((line) => line.trim().replace(/^at /, ''))
      : [];
  if (stack.length > 0) text += `${by}stack: |-\n${lines(stack.join('\n'), `${by}  `)}`;
  return text;
}

function tapResult(word, data) {
  const { name, nesting, testNumber, details, skip, todo, file, line, column } = data;
  const by = indent(nesting);
  let directive = '';
  if (skip !== undefined)
    directive = ` # SKIP${typeof skip === 'string' ? ` ${escapeTap(skip)}` : ''}`;
  else if (todo !== undefined)
    directive = ` # TODO${typeof todo === 'string' ? ` ${escapeTap(todo)}` : ''}`;
  let text = `${by}${word} ${testNumber} - ${escapeTap(name)}${directive}\n${by}  ---\n`;
  text += yaml(`${by}  `, 'duration_ms', details.duration_ms);
  text += yaml(`${by}  `, 'type', details.type);
  if (details.error !== undefined) {
    if (file !== undefined) text += yaml(`${by}  `, 'location', `${file}:${line}:${column}`);
    text += yamlOfError(`${by}  `, details.error);
  }
  return `${text}${by}  ...\n`;
}

/** @param {AsyncIterable<{ type: string, data: any }>} source */
async function* tap(source) {
  yield 'TAP version 13\n';
  for await (const { type, data } of source) {
    if (type === 'test:start') yield `${indent(data.nesting)}# Subtest: ${escapeTap(data.name)}\n`;
    else if (type === 'test:pass') yield tapResult('ok', data);
    else if (type === 'test:fail') yield tapResult('not ok', data);
    else if (type === 'test:plan') yield `${indent(data.nesting)}1..${data.count}\n`;
    else if (type === 'test:diagnostic')
      yield `${indent(data.nesting)}# ${escapeTap(data.message)}\n`;
    else if (type === 'test:stdout' || type === 'test:stderr') {
      for (const line of data.message.trimEnd().split('\n')) yield `# ${escapeTap(line)}\n`;
    }
  }
}

const COLUMNS = 20;

/** @param {AsyncIterable<{ type: string, data: any }>} source */
async function* dot(source) {
  let count = 0;
  const failed = [];
  const columns = () => Math.max(process.stdout.columns ?? COLUMNS, COLUMNS);
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (type === 'test:fail') failed.push(data);
    yield type === 'test:pass' ? '.' : 'X';
    if (++count === columns()) {
      count = 0;
      yield '\n';
    }
  }
  yield '\n';
  if (failed.length === 0) return;
  yield '\nFailed tests:\n\n';
  for (const { name, details, todo } of failed)
    yield `${todo === undefined ? '\u2716' : '\u26a0'} ${name} (${details.duration_ms}ms)\n  ${require('util')
      .inspect(details.error?.cause ?? details.error)
      .replaceAll('\n', '\n  ')}\n`;
}

// ---- JUnit

const escapeXml = (text) =>
  `${text}`
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
const escapeAttribute = (text) => escapeXml(text).replaceAll('\n', '&#10;');
const attributes = (object) =>
  Object.entries(object)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`)
    .join('');

function element({ tag, attrs, children, text }, depth) {
  const by = '\t'.repeat(depth);
  if (text !== undefined)
    return `${by}<${tag}${attributes(attrs)}>\n${escapeXml(text)}\n${by}</${tag}>\n`;
  if (children.length === 0) return `${by}<${tag}${attributes(attrs)}/>\n`;
  return `${by}<${tag}${attributes(attrs)}>\n${children.map((one) => (typeof one === 'string' ? `${'\t'.repeat(depth + 1)}<!-- ${one.replaceAll('--', '&#45;&#45;')} -->\n` : element(one, depth + 1))).join('')}${by}</${tag}>\n`;
}

const isFailure = (one) =>
  one.tag === 'testcase' && one.children.some(({ tag }) => tag === 'failure');
const isSkipped = (one) =>
  one.tag === 'testcase' && one.children.some(({ tag }) => tag === 'skipped');

function junitOf(node, classname, { name, details, skip, todo, file }) {
  const seconds = (details.duration_ms / 1000).toFixed(6);
  node.attrs.name = name;
  if (node.children.some((one) => typeof one === 'object')) {
    const cases = node.children.filter((one) => typeof one === 'object');
    Object.assign(node, { tag: 'testsuite' });
    node.attrs = {
      name,
      time: seconds,
      disabled: 0,
      errors: 0,
      tests: cases.length,
      failures: cases.filter(isFailure).length,
      skipped: cases.filter(isSkipped).length,
      timestamp: new Date().toISOString(),
      hostname: require('os').hostname(),
    };
    return;
  }
  node.tag = 'testcase';
  node.attrs = { name, time: seconds, classname, file };
  if (skip !== undefined || todo !== undefined) {
    const type = skip !== undefined ? 'skipped' : 'todo';
    const message = skip ?? todo;
    node.children.push({ tag: 'skipped', attrs: { type, message }, children: [] });
  }
  const { error } = details;
  if (error === undefined) return;
  const cause = error.cause ?? error;
  const message = cause?.message ?? `${cause}`;
  node.attrs.failure = message;
  node.children.push({
    tag: 'failure',
    attrs: { type: error.failureType ?? error.code, message: message.trim() },
    children: [],
    text: require('util').inspect(error),
  });
}

/** @param {AsyncIterable<{ type: string, data: any }>} source */
async function* junit(source) {
  yield '<?xml version="1.0" encoding="utf-8"?>\n<testsuites>\n';
  const open = [];
  const roots = [];
  for await (const { type, data } of source) {
    if (type === 'test:start') {
      open.length = data.nesting;
      const node = { tag: 'testcase', attrs: { name: data.name }, children: [] };
      (open[data.nesting - 1]?.children ?? roots).push(node);
      open[data.nesting] = node;
    } else if (type === 'test:pass' || type === 'test:fail') {
      const around = open.slice(0, data.nesting).map((one) => one.attrs.name);
      junitOf(open[data.nesting], around.join('.') || 'test', data);
      if (data.nesting === 0) yield element(open[0], 1);
    } else if (type === 'test:diagnostic') {
      const parent = open[data.nesting - 1];
      if (parent !== undefined) parent.children.push(data.message);
      else yield `\t<!-- ${data.message.replaceAll('--', '&#45;&#45;')} -->\n`;
    }
  }
  yield '</testsuites>\n';
}

module.exports = { dot, junit, tap };
