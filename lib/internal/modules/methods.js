'use strict';
// What functions are called with their class or object, as Node names them in stacks: the engine
// tells the name of the function alone.
const acorn = require('vendor/acorn');

const FUNCTIONS = /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/;

const keyOf = ({ key, computed }) =>
  computed || key === undefined ? undefined : (key.name ?? `${key.value}`);

const hashed = ({ type, name }) => (type === 'PrivateIdentifier' ? `#${name}` : name);

/** The nodes around an offset, outermost first. */
function pathTo(node, offset, path = []) {
  if (node.start > offset || node.end < offset) return path;
  path.push(node);
  for (const child of Object.values(node).flat())
    if (typeof child?.type === 'string' && child.start <= offset && offset < child.end)
      return pathTo(child, offset, path);
  return path;
}

/** The name of a class: its own, or that of what it is assigned to. */
function classOf(path, index) {
  const node = path[index];
  if (node.id) return node.id.name;
  const parent = path[index - 1];
  return parent.id?.name ?? parent.left?.property?.name ?? parent.left?.name;
}

/** `Class.method`, `new Class` or `Object.method` of the innermost function; undefined if it is none. */
function nameOf(path) {
  const at = path.findLastIndex(({ type }) => FUNCTIONS.test(type));
  const member = path[at - 1];
  if (member?.type === 'MethodDefinition') {
    const name = classOf(path, at - 3);
    if (name === undefined) return undefined;
    if (member.kind === 'constructor') return `new ${name}`;
    const key = member.key.type === 'PrivateIdentifier' ? hashed(member.key) : keyOf(member);
    return key === undefined
      ? undefined
      : `${name}.${member.kind === 'get' ? 'get ' : member.kind === 'set' ? 'set ' : ''}${key}`;
  }
  if (member?.type === 'Property' && member.method && keyOf(member) !== undefined)
    return `Object.${keyOf(member)}`;
  return undefined;
}

/** A function from a place of a script or module to the name of the function there. */
function namesOf(source) {
  let program;
  for (const sourceType of ['module', 'script']) {
    try {
      program = acorn.parse(source, {
        ecmaVersion: 'latest',
        sourceType,
        allowHashBang: true,
        allowReturnOutsideFunction: true,
        allowAwaitOutsideFunction: sourceType === 'module',
      });
      break;
    } catch {
      // the other kind, or nothing that is known here
    }
  }
  if (program === undefined) return () => undefined;
  const starts = [0];
  for (const { index, 0: end } of source.matchAll(/\r\n|[\n\r\u2028\u2029]/g))
    starts.push(index + end.length);
  return (line, column) => nameOf(pathTo(program, starts[line - 1] + column - 1));
}

const FRAME = /^( {4}at (?:async )?)(\S+) \((\/[^()\n]+):(\d+):(\d+)\)$/gm;

/**
 * The text of a stack with the names of classes.
 * @param {string} stack
 * @param {(file: string) => string} read
 */
function nameMethods(stack, read) {
  const files = new Map();
  return stack.replace(FRAME, (frame, at, name, file, line, column) => {
    if (!files.has(file)) files.set(file, namesOf(read(file)));
    const full = files.get(file)(Number(line), Number(column));
    const fits = full !== undefined && (full.endsWith(name) || full === `new ${name}`);
    return fits ? `${at}${full} (${file}:${line}:${column})` : frame;
  });
}

module.exports = { nameMethods };
