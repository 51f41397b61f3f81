'use strict';
// What the transforms look for in the parser's tree: references to imported names, import(),
// import.meta, `await`, and what async functions return.

const FUNCTION = /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/;
const BLOCK =
  /^(?:BlockStatement|StaticBlock|ForStatement|ForInStatement|ForOfStatement|SwitchStatement|CatchClause|ClassExpression|ClassDeclaration)$/;

/** Statements with names of other modules only; so is an export without a declaration. */
const WITHOUT_CODE = /^(?:ImportDeclaration|ExportAllDeclaration)$/;

/** Names that code declares, of those that matter: the imported ones. */
class Scope {
  constructor(imported, outer) {
    this.imported = imported;
    this.outer = outer;
    this.names = undefined;
  }

  add(name) {
    if (this.imported.has(name)) (this.names ??= new Set()).add(name);
  }

  /** Adds the names that a pattern binds. */
  addPattern(node) {
    if (node === null) return;
    if (node.type === 'Identifier') this.add(node.name);
    else if (node.type === 'ObjectPattern')
      for (const property of node.properties) this.addPattern(property.value ?? property.argument);
    else if (node.type === 'ArrayPattern')
      for (const element of node.elements) this.addPattern(element);
    else if (node.type === 'AssignmentPattern') this.addPattern(node.left);
    else if (node.type === 'RestElement') this.addPattern(node.argument);
  }

  addVariables(declaration) {
    for (const { id } of declaration.declarations) this.addPattern(id);
  }

  /** Adds what the statements of a block declare for the block. */
  addStatements(statements) {
    for (const statement of statements) {
      if (statement.type === 'VariableDeclaration') {
        if (statement.kind !== 'var') this.addVariables(statement);
      } else if (/^(?:Function|Class)Declaration$/.test(statement.type)) {
        this.add(statement.id.name);
      }
    }
  }

  /** Adds what `var` declares anywhere in a function. */
  addHoisted(node) {
    if (FUNCTION.test(node.type) || /^(?:Class|StaticBlock)/.test(node.type)) return;
    if (node.type === 'VariableDeclaration' && node.kind === 'var') this.addVariables(node);
    forEachChild(node, (child) => this.addHoisted(child));
  }

  has(name) {
    return this.names?.has(name) || (this.outer?.has(name) ?? false);
  }
}

function forEachChild(node, visit) {
  for (const key in node) {
    const value = node[key];
    if (value === null || typeof value !== 'object') continue;
    if (Array.isArray(value)) {
      for (const item of value) if (typeof item?.type === 'string') visit(item, key);
    } else if (typeof value.type === 'string') {
      visit(value, key);
    }
  }
}

/** Whether an identifier names a property or a label and no variable. */
function isName(parent, key) {
  if (key === 'label') return true;
  if (key === 'property') return !parent.computed;
  if (key === 'key') return !parent.computed;
  return parent.type === 'MetaProperty';
}

function isAwait(node) {
  if (node.type === 'AwaitExpression') return true;
  return node.type === 'ForOfStatement'
    ? node.await
    : node.type === 'VariableDeclaration' && node.kind === 'await using';
}

/** Whether there is an `await` in a node, other than in functions within it. */
function awaits(node) {
  if (isAwait(node)) return true;
  let found = false;
  forEachChild(node, (child) => {
    found ||= !FUNCTION.test(child.type) && awaits(child);
  });
  return found;
}

/**
 * Whether the statements of a function may stand in a block of it: there, a function of the name of
 * another one or of a variable is an error.
 */
function fitsBlock({ body }) {
  const functions = new Set();
  for (const { type, id } of body) {
    if (type !== 'FunctionDeclaration') continue;
    if (functions.has(id.name)) return false;
    functions.add(id.name);
  }
  const scope = new Scope(functions, undefined);
  if (functions.size > 0) for (const statement of body) scope.addHoisted(statement);
  return scope.names === undefined;
}

/** What a function's body declares for all of it. */
function bodyScope(node, outer) {
  const scope = new Scope(outer.imported, outer);
  if (outer.imported.size > 0) scope.addHoisted(node.body);
  return scope;
}

/** What a block declares for itself. */
function blockScope(node, outer) {
  const scope = new Scope(outer.imported, outer);
  if (outer.imported.size === 0) return scope;
  if (node.type === 'BlockStatement' || node.type === 'StaticBlock') scope.addStatements(node.body);
  if (node.type === 'StaticBlock') for (const statement of node.body) scope.addHoisted(statement);
  else if (node.type === 'SwitchStatement')
    for (const { consequent } of node.cases) scope.addStatements(consequent);
  else if (node.type === 'CatchClause') scope.addPattern(node.param);
  else if (node.type.startsWith('Class')) {
    if (node.id !== null) scope.add(node.id.name);
  } else {
    const head = node.init ?? node.left;
    if (head?.type === 'VariableDeclaration' && head.kind !== 'var') scope.addVariables(head);
  }
  return scope;
}

/**
 * Walks over a program.
 * @param {import('acorn').Program} program
 * @param {ReadonlySet<string>} imported  names that count as references where nothing else declares them
 * @param {{ reference?(node: object, key: string, ancestors: object[]): void,
 *   outerArguments?(node: object, parent: object): void,
 *   directEval?(call: object, scope: Scope): void, dynamicImport(node: object): void, meta?(node: object): void, topAwait?(): void,
 *   await(value: object, each: boolean, node: object, noted: boolean): void,
 *   returns(value: object): void, waits(node: object): void }} found
 *   outerArguments: `arguments` that no function has; directEval: a call of eval() by that name;
 *   topAwait: an `await` outside of functions; await: each of what `for await` goes over, or the
 *   value of another one, noted: in a function that waits() got, or in none; returns: what an async
 *   function returns; waits: a function with an `await` whose statements may stand in a block
 */
function walk(program, imported, found) {
  let depth = 0; // of functions
  let inAsync = false; // the innermost of them, and no generator
  let noted = true; // the innermost of them was given to waits()
  let owners = 0; // of what has `arguments` of its own
  const ancestors = [];

  function visitFunction(node, scope) {
    const outer = new Scope(imported, scope);
    if (node.type === 'FunctionExpression' && node.id !== null) outer.add(node.id.name);
    for (const parameter of node.params) outer.addPattern(parameter);
    const outside = [inAsync, noted];
    inAsync = node.async && !node.generator;
    noted = node.async && awaits(node.body) && (node.expression || fitsBlock(node.body));
    if (noted) found.waits(node);
    if (inAsync && node.expression) found.returns(node.body);
    const owns = node.type === 'ArrowFunctionExpression' ? 0 : 1;
    [depth, owners] = [depth + 1, owners + owns];
    if (node.id) visit(node.id, outer, 'id');
    for (const parameter of node.params) visit(parameter, outer, 'params');
    visit(node.body, bodyScope(node, outer), 'body');
    [depth, owners] = [depth - 1, owners - owns];
    [inAsync, noted] = outside;
  }

  function note(node, scope) {
    const { type } = node;
    if (type === 'ImportExpression') found.dynamicImport(node);
    else if (type === 'CallExpression' && node.callee.name === 'eval')
      found.directEval?.(node, scope);
    else if (type === 'MetaProperty' && node.meta.name === 'import') found.meta?.(node);
    else if (type === 'ReturnStatement' && inAsync && node.argument !== null)
      found.returns(node.argument);
    else if (isAwait(node)) {
      if (depth === 0) found.topAwait?.();
      if (type === 'AwaitExpression') found.await(node.argument, false, node, noted);
      else if (type === 'ForOfStatement') found.await(node.right, true, node, noted);
    }
  }

  function visit(node, scope, key) {
    if (node.type === 'Identifier') {
      const { name } = node;
      if (isName(ancestors.at(-1), key)) return;
      if (imported.has(name) && !scope.has(name)) found.reference(node, key, ancestors);
      else if (owners === 0 && name === 'arguments') found.outerArguments?.(node, ancestors.at(-1));
      return;
    }
    if (WITHOUT_CODE.test(node.type) || node.declaration === null) return;
    note(node, scope);
    ancestors.push(node);
    if (FUNCTION.test(node.type)) visitFunction(node, scope);
    else {
      const inner = BLOCK.test(node.type) ? blockScope(node, scope) : scope;
      // A shorthand property is one place in the text and two nodes in the tree.
      const shorthand = node.type === 'Property' && node.shorthand;
      forEachChild(node, (child, childKey) => {
        if (!shorthand || childKey !== 'key') visit(child, inner, childKey);
      });
    }
    ancestors.pop();
  }

  visit(program, new Scope(imported, undefined), '');
}

module.exports = { walk };
