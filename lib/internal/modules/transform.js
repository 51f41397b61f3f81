'use strict';
// ECMAScript modules as functions that the engine's script interface can run; import() and `await`
// in CommonJS. Parsed by acorn; the text keeps its lines.
//
// A module becomes a generator: its head gives away getters for what it exports, then it waits.
// At that moment its functions exist, as the language wants it for cycles, and its variables are
// in their dead zone; the next step runs it. A name that is imported becomes a property of the
// namespace it comes from, so that it is live.
//
// What is awaited goes through a function of internal/base/follow, so that the stores of
// AsyncLocalStorage are there again afterwards.
const acorn = require('vendor/acorn');
const { Edits, places } = require('internal/modules/edits');
const { walk } = require('internal/modules/walk');
const { translateUsing } = require('internal/modules/using');
const { placedAt } = require('internal/modules/syntax_error');

const NONE = new Set();

/** A prefix that begins no name of the text. */
function freePrefix(source) {
  let prefix = '$$';
  while (source.includes(prefix)) prefix += '$';
  return prefix;
}

const nameOf = (node) => (node.type === 'Literal' ? node.value : node.name);
const member = (name) =>
  /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;

/**
 * One module that this one asks for.
 * @typedef {{ specifier: string, attributes: Record<string, string>, names: { name: string, at: number }[] }} Request
 */

class ModuleTransform {
  constructor(source, filename) {
    this.source = source;
    this.filename = filename;
    try {
      this.program = acorn.parse(source, {
        ecmaVersion: 'latest',
        sourceType: 'module',
        allowHashBang: true,
      });
    } catch (error) {
      if (error.loc === undefined) throw error;
      const problem = new SyntaxError(error.message.replace(/ \(\d+:\d+\)$/, ''));
      throw placedAt(problem, filename, { line: error.loc.line, column: error.loc.column + 1 });
    }
    this.prefix = freePrefix(source);
    this.edits = new Edits(source);
    /** @type {Request[]} */
    this.requests = [];
    this.bindings = new Map(); // local name → [request's index, imported name or '*']
    this.locals = []; // [exported name, local name]
    this.indirect = { __proto__: null }; // exported name → [request's index, name or '*']
    this.stars = []; // requests' indices
    this.hasAwait = false;
    this.whole = new Set(); // requests' indices: where a namespace is more than where a name is read
    this.anonymous = false; // export default function () {}
    this.usesArguments = false;
    this.usesEval = false;
  }

  run() {
    const { edits, prefix, source } = this;
    if (source.startsWith('#!')) edits.replace(0, 2, '//');
    for (const statement of this.program.body) this.importsOf(statement);
    // What it inserts at the end of an expression comes before what an export inserts there.
    walk(this.program, new Set(this.bindings.keys()), {
      reference: (node, key, ancestors) => this.reference(node, key, ancestors),
      dynamicImport: (node) =>
        edits.rewrite(node.start, node.start + 'import'.length, `${prefix}import`),
      meta: (node) => edits.rewrite(node.start, node.end, `${prefix}meta`),
      outerArguments: (node, parent) => this.outerArguments(node, parent),
      directEval: (node, scope) => this.directEval(node, scope),
      topAwait: () => {
        this.hasAwait = true;
      },
      ...following(edits, source),
    });
    const using = source.includes('using')
      ? translateUsing(this.program, source, prefix, edits)
      : undefined;
    for (const statement of this.program.body) this.exportsOf(statement);
    const whole = [...this.whole];
    const parameters = this.requests.map((_, index) => `${prefix}${index}`);
    for (const index of whole) parameters.push(`${prefix}all${index}`);
    parameters.unshift(`${prefix}exports`, `${prefix}import`, `${prefix}meta`);
    const getters = this.locals.map(([name, local]) => `${JSON.stringify(name)}:()=>${local}`);
    const naming = this.anonymous
      ? `Object.defineProperty(${prefix}default,"name",{value:"default",configurable:true});`
      : '';
    const kind = `${this.hasAwait ? 'async ' : ''}function*`;
    const start = `${prefix}exports({__proto__:null,${getters}});${naming}yield;`;
    // What is used outside of blocks is given back by a function around the module.
    const head = using ? `${using.head}yield* (${kind}(){` : '';
    const [leaving, left] = this.hasAwait ? [LEAVING.head, LEAVING.tail] : ['', ''];
    edits.begin(`(${kind}(${parameters}){"use strict";${leaving}${head}${this.evals()}${start}`);
    const end = using ? `}).call(undefined)${using.tail}` : '';
    edits.insert(source.length, `\n${end}${left}})`, Infinity);
    const code = edits.apply();
    const { requests, indirect, stars, hasAwait } = this;
    return { code, columns: edits.columns(code), requests, indirect, stars, whole, hasAwait };
  }

  /** The index of a request for a statement's source. */
  request({ source, attributes }) {
    const given = {};
    for (const { key, value } of attributes ?? []) given[nameOf(key)] = value.value;
    const kind = JSON.stringify(given);
    let index = this.requests.findIndex(
      (one) => one.specifier === source.value && one.kind === kind,
    );
    if (index < 0) {
      index = this.requests.length;
      this.requests.push({
        specifier: source.value,
        attributes: given,
        kind,
        at: source.start,
        names: [],
      });
    }
    return index;
  }

  importsOf(node) {
    if (node.type !== 'ImportDeclaration') return;
    const index = this.request(node);
    for (const one of node.specifiers) {
      if (one.type === 'ImportNamespaceSpecifier') {
        this.bindings.set(one.local.name, [index, '*']);
        continue;
      }
      const name = one.type === 'ImportDefaultSpecifier' ? 'default' : nameOf(one.imported);
      this.bindings.set(one.local.name, [index, name]);
      this.requests[index].names.push({ name, at: one.start });
    }
    this.edits.erase(node.start, node.end, ';');
  }

  exportsOf(node) {
    if (node.type === 'ExportAllDeclaration') {
      const index = this.request(node);
      if (node.exported === null) this.stars.push(index);
      else this.indirect[nameOf(node.exported)] = [index, '*'];
      this.edits.erase(node.start, node.end, ';');
    } else if (node.type === 'ExportDefaultDeclaration') {
      this.exportDefault(node);
    } else if (node.type === 'ExportNamedDeclaration') {
      if (node.declaration !== null) this.exportDeclaration(node);
      else this.exportNames(node);
    }
  }

  exportNames(node) {
    const index = node.source === null ? -1 : this.request(node);
    for (const { start, local, exported } of node.specifiers) {
      const name = nameOf(exported);
      if (index >= 0) {
        this.indirect[name] = [index, nameOf(local)];
        this.requests[index].names.push({ name: nameOf(local), at: start });
      } else if (this.bindings.has(local.name)) this.indirect[name] = this.bindings.get(local.name);
      else this.locals.push([name, local.name]);
    }
    this.edits.erase(node.start, node.end, ';');
  }

  exportDeclaration({ start, declaration }) {
    this.edits.erase(start, declaration.start);
    if (declaration.id) this.locals.push([declaration.id.name, declaration.id.name]);
    else for (const { id } of declaration.declarations) this.exportPattern(id);
  }

  exportPattern(node) {
    if (node === null) return;
    if (node.type === 'Identifier') this.locals.push([node.name, node.name]);
    else if (node.type === 'ObjectPattern')
      for (const property of node.properties)
        this.exportPattern(property.value ?? property.argument);
    else if (node.type === 'ArrayPattern')
      for (const element of node.elements) this.exportPattern(element);
    else this.exportPattern(node.left ?? node.argument);
  }

  exportDefault({ start, end, declaration }) {
    const { edits } = this;
    const name = `${this.prefix}default`;
    const isFunction = declaration.type === 'FunctionDeclaration';
    if (declaration.id && (isFunction || declaration.type === 'ClassDeclaration')) {
      this.locals.push(['default', declaration.id.name]);
      edits.erase(start, declaration.start);
      return;
    }
    this.locals.push(['default', name]);
    if (isFunction) {
      this.anonymous = true;
      edits.erase(start, declaration.start);
      const open = this.source.slice(
        declaration.start,
        declaration.params[0]?.start ?? declaration.body.start,
      );
      // The name goes before the parenthesis of the parameters, which no comment hides.
      const head = withoutComments(open);
      edits.add(declaration.start + head.indexOf('('), ` ${name}`);
      return;
    }
    // As a property's value, so that a function or class without a name is called "default".
    const [keywords] = /^export(?:\s|\/\*[^]*?\*\/|\/\/.*)*default/.exec(
      this.source.slice(start, end),
    );
    const lines = keywords.replace(/[^\n]/g, '');
    edits.replace(start, start + keywords.length, `const {default:${name}}={default:${lines}`);
    edits.insert(this.source[end - 1] === ';' ? end - 1 : end, '};');
  }

  /** There are no `arguments` outside of functions. */
  outerArguments(node, parent) {
    const absent = parent?.operator === 'typeof' ? 'undefined' : `${this.prefix}arguments()`;
    this.usesArguments ||= absent !== 'undefined';
    this.edits.rewrite(node.start, node.end, absent);
  }

  /** The text of a direct eval() sees what is imported where it stands. */
  directEval(node, scope) {
    const [text] = node.arguments;
    if (text === undefined || text.type === 'SpreadElement') return;
    this.usesEval = true;
    const visible = {};
    for (const [name, [index, imported]] of this.bindings)
      if (!scope.has(name))
        visible[name] =
          imported === '*' ? this.namespace(index) : `${this.prefix}${index}${member(imported)}`;
    this.edits.add(text.start, `${this.prefix}eval(${JSON.stringify(visible)},`);
    this.edits.add(text.end, ')');
  }

  /** What stands for the whole namespace of a request. */
  namespace(index) {
    this.whole.add(index);
    return `${this.prefix}all${index}`;
  }

  /** The helpers of what outerArguments() and directEval() wrote. */
  evals() {
    const { prefix } = this;
    let text = '';
    if (this.usesArguments)
      text += `const ${prefix}arguments=()=>{throw new ReferenceError("arguments is not defined")};`;
    if (this.usesEval)
      text += `const ${prefix}eval=(names,text)=>$sluice_eval(names,"${prefix}import",text);`;
    return text;
  }

  reference(node, key, ancestors) {
    const [index, name] = this.bindings.get(node.name);
    const parent = ancestors.at(-1);
    const read = key === 'object' && parent.type === 'MemberExpression';
    if (name === '*' && !read) {
      const shorthand = isShorthand(key, ancestors) ? `${node.name}:` : '';
      this.edits.rewrite(node.start, node.end, shorthand + this.namespace(index));
      return;
    }
    let before = this.prefix + index;
    let after = name === '*' ? '' : member(name);
    if (name !== '*' && (key === 'callee' || key === 'tag') && parent.type !== 'NewExpression') {
      before = `${beginsStatement(node, ancestors) ? ';' : ''}(0,${before}`;
      after += ')';
    } else if (isShorthand(key, ancestors)) before = `${node.name}:${before}`;
    // A mark in the middle, as errors of the engine show parts of the text.
    const mark = `/*$=${before.length},${after.length},${node.name}*/`;
    this.edits.replace(node.start, node.end, before + mark + after);
  }
}

// Whether a node is the first of a statement in a list, where the line before may lack its
// semicolon: a parenthesis would continue it.
function beginsStatement(node, ancestors) {
  const at = ancestors.findLastIndex(
    (one) => one.start !== node.start || one.type === 'ExpressionStatement',
  );
  return (
    ancestors[at]?.start === node.start &&
    ancestors[at].type === 'ExpressionStatement' &&
    LIST.test(ancestors[at - 1].type)
  );
}

const LIST = /^(?:Program|BlockStatement|StaticBlock|SwitchCase)$/;

// Whether a reference is a property's name as well: `{ a }`, also the a of `{ a = 1 }`.
function isShorthand(key, ancestors) {
  let parent = ancestors.at(-1);
  if (parent.type === 'AssignmentPattern') {
    if (key !== 'left') return false;
    parent = ancestors.at(-2);
  }
  return parent.type === 'Property' && parent.shorthand;
}

/**
 * What walk() does about `await` and what async functions return. A function with an `await` notes
 * where it waits, and what it throws passes $sluice_left(), for the `at async` lines of stacks.
 */
function following(edits, source) {
  const placeOf = places(source);
  // What ends at the same place is closed from the innermost out.
  const close = (node, text) => edits.add(node.end, text, -node.start);
  const pass = (node, name, argument = '') => {
    // Without them its commas would part arguments.
    const [open, end] = node.type === 'SequenceExpression' ? ['(', ')'] : ['', ''];
    edits.add(node.start, `${name}(${open}`);
    close(node, `${end}${argument})`);
  };
  return {
    await(value, each, node, noted) {
      const place = noted ? `,$sluice_at="${placeOf(node.start)}"` : '';
      pass(value, each ? '$sluice_each' : '$sluice_await', place);
    },
    returns(node) {
      if (MAYBE_THENABLE.test(node.type)) pass(node, '$sluice_return');
    },
    waits(node) {
      const { body } = node;
      if (node.expression) {
        edits.add(arrowEnd(node, source), `{${LEAVING.head}return(`, -Infinity);
        close(node, `)${LEAVING.tail}}`);
        return;
      }
      const directive = body.body.findLast((one) => one.directive !== undefined);
      edits.add(directive?.end ?? body.start + 1, LEAVING.head, -Infinity);
      edits.add(body.end - 1, LEAVING.tail, 1);
    },
  };
}

/** What is around the statements of a function with an `await`. */
const LEAVING = {
  head: ';let $sluice_at;try{',
  tail: '}catch($sluice_error){$sluice_left($sluice_error,$sluice_at)}',
};

const withoutComments = (text) => text.replace(/\/\*[^]*?\*\/|\/\/[^\n\r\u2028\u2029]*/g, blankOf);

/** Where the body of an arrow function begins, with its parentheses. */
function arrowEnd({ start, params, body }, source) {
  const from = params.at(-1)?.end ?? start;
  return from + withoutComments(source.slice(from, body.start)).indexOf('=>') + 2;
}

// Other expressions have values that are awaited in `return`, or promises, or nothing to call.
const MAYBE_THENABLE =
  /^(?:Identifier|(?:Call|New|Member|Conditional|Logical|Sequence|Chain|This|TaggedTemplate)Expression)$/;

const blankOf = (text) => ' '.repeat(text.length);

/**
 * An ECMAScript module as a generator function (exports, import, meta, ...namespaces) that hands
 * its getters to exports, yields once, and then runs.
 * @param {string} source
 * @param {string} filename  for errors
 * @returns {{ code: string, columns: (line: number, column: number) => number, requests: Request[],
 *   indirect: Record<string, [number, string]>, stars: number[], whole: number[], hasAwait: boolean }}
 *   whole: indices of requests whose namespaces come after the inner objects of all requests
 * @throws {SyntaxError} with line, column and sourceURL
 */
function transformModule(source, filename) {
  return new ModuleTransform(source, filename).run();
}

/**
 * Gives import() of a script another name, and follows its `await`. Undefined if it has none of
 * them, and for text that does not parse: the engine tells what is wrong.
 * @param {string} source
 * @param {'script' | 'commonjs'} sourceType
 * @returns {{ name: string | undefined, edits: Edits } | undefined} name: of import(), if it is there
 */
function transformScript(source, sourceType) {
  let program;
  try {
    program = acorn.parse(source, { ecmaVersion: 'latest', sourceType, allowHashBang: true });
  } catch {
    return undefined;
  }
  const edits = new Edits(source);
  let name;
  walk(program, NONE, {
    dynamicImport(node) {
      name ??= `${freePrefix(source)}import`;
      edits.rewrite(node.start, node.start + 'import'.length, name);
    },
    ...following(edits, source),
  });
  if (source.includes('using')) translateUsing(program, source, freePrefix(source), edits);
  return edits.any ? { name, edits } : undefined;
}

/**
 * The text of a direct eval() of a module. As it is if it does not parse: the engine tells what is
 * wrong.
 * @param {string} source
 * @param {Record<string, string>} names  imported name → what stands for it
 * @param {string} importName  what stands for import()
 */
function transformEval(source, names, importName) {
  let program;
  try {
    program = acorn.parse(source, {
      ecmaVersion: 'latest',
      allowSuperOutsideMethod: true,
      allowNewTargetOutsideFunction: true,
    });
  } catch {
    return source;
  }
  const edits = new Edits(source);
  walk(program, new Set(Object.keys(names)), {
    reference(node, key, ancestors) {
      const called =
        (key === 'callee' || key === 'tag') && ancestors.at(-1).type !== 'NewExpression';
      const text = called ? `(0,${names[node.name]})` : names[node.name];
      const shorthand = isShorthand(key, ancestors) ? `${node.name}:` : '';
      edits.rewrite(node.start, node.end, shorthand + text);
    },
    dynamicImport: (node) => edits.rewrite(node.start, node.start + 'import'.length, importName),
    ...following(edits, source),
  });
  return edits.apply();
}

module.exports = { transformEval, transformModule, transformScript };
