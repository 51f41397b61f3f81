'use strict';
// The names that a script declares for its whole context, as properties of the global object.

const FUNCTION = /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/;
const OWN_SCOPE = /^(?:Class|StaticBlock)/;

function addPattern(node, names) {
  if (node === null) return;
  if (node.type === 'Identifier') names.add(node.name);
  else if (node.type === 'ObjectPattern')
    for (const property of node.properties) addPattern(property.value ?? property.argument, names);
  else if (node.type === 'ArrayPattern')
    for (const element of node.elements) addPattern(element, names);
  else addPattern(node.left ?? node.argument, names);
}

/** Adds what `var` and function declarations outside of functions name. */
function addHoisted(node, names, functions) {
  if (node.type === 'FunctionDeclaration') functions.add(node.id.name);
  if (FUNCTION.test(node.type) || OWN_SCOPE.test(node.type)) return;
  if (node.type === 'VariableDeclaration' && node.kind === 'var')
    for (const { id } of node.declarations) addPattern(id, names);
  for (const key in node) {
    const value = node[key];
    if (value === null || typeof value !== 'object') continue;
    for (const child of Array.isArray(value) ? value : [value])
      if (typeof child?.type === 'string') addHoisted(child, names, functions);
  }
}

/**
 * The names of variables and functions that a script declares; none if it does not parse.
 * @param {string} source
 * @returns {string[]}
 */
function namesOf(source) {
  if (!/\b(?:var|function)\b/.test(source)) return [];
  const names = new Set();
  const functions = new Set(); // the engine declares them first
  try {
    addHoisted(
      require('vendor/acorn').parse(source, {
        ecmaVersion: 'latest',
        sourceType: 'script',
        allowHashBang: true,
      }),
      names,
      functions,
    );
  } catch {
    return [];
  }
  return [...new Set([...functions, ...names])];
}

module.exports = { namesOf };
