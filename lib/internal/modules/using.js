'use strict';
// `using` and `await using` as what the engine knows: the block becomes a `try` that gives back
// what it took, by internal/base/disposal. Lines stay.

const ASYNC = 'await using';
const isUsing = (node) =>
  node?.type === 'VariableDeclaration' && (node.kind === 'using' || node.kind === ASYNC);

class Using {
  constructor(source, prefix, edits) {
    this.source = source;
    this.edits = edits;
    this.name = `${prefix}using`;
    this.error = `${prefix}error`;
  }

  open() {
    return `const ${this.name}=$sluice_using();try{`;
  }

  close(isAsync) {
    const end = isAsync ? `await $sluice_await(${this.name}.endAsync())` : `${this.name}.end()`;
    return `}catch(${this.error}){${this.name}.failed(${this.error})}finally{${end}}`;
  }

  /** `using a = b` becomes `const a = $$using.use(b)`. */
  declaration(node) {
    const { edits, source } = this;
    const keywords = source.slice(node.start, node.declarations[0].start);
    const [words] = /^(?:await\b[^]*?)?\busing\b/.exec(keywords);
    edits.rewrite(node.start, node.start + words.length, `const${words.replace(/[^\n]/g, '')}`);
    for (const { init } of node.declarations) {
      if (init === null) continue; // of a loop
      edits.add(init.start, `${this.take(node)}(`);
      edits.add(init.end, ')');
    }
  }

  take(node) {
    return `${this.name}.${node.kind === ASYNC ? 'useAsync' : 'use'}`;
  }

  /** Statements of a block, the body of a function or a script. */
  list(statements, end) {
    const uses = statements.filter(isUsing);
    if (uses.length === 0) return;
    const first = statements.find((one) => one.directive === undefined);
    this.edits.add(first.start, this.open());
    this.edits.add(end, this.close(uses.some(({ kind }) => kind === ASYNC)));
    for (const one of uses) this.declaration(one);
  }

  /** `for (using a = b;;)` and `for (using a of b)`, which may have labels. */
  loop(node, outermost) {
    const isAsync = (node.init ?? node.left).kind === ASYNC;
    if (node.type === 'ForStatement') {
      this.edits.add(outermost.start, `{${this.open()}`);
      this.edits.add(outermost.end, `${this.close(isAsync)}}`);
      this.declaration(node.init);
      return;
    }
    this.declaration(node.left);
    const taken = this.source.slice(node.left.declarations[0].start, node.left.end);
    this.edits.add(node.body.start, `{${this.open()}${this.take(node.left)}(${taken});`);
    this.edits.add(node.body.end, `${this.close(isAsync)}}`);
  }

  visit(node, outermost) {
    if (node.type === 'LabeledStatement') {
      this.visit(node.body, outermost ?? node);
      return;
    }
    if (node.type === 'BlockStatement' || node.type === 'StaticBlock')
      this.list(node.body, node.end - 1);
    else if (/^For(?:Of)?Statement$/.test(node.type) && isUsing(node.init ?? node.left))
      this.loop(node, outermost ?? node);
    for (const key in node) {
      const value = node[key];
      if (value === null || typeof value !== 'object') continue;
      for (const child of Array.isArray(value) ? value : [value])
        if (typeof child?.type === 'string') this.visit(child);
    }
  }
}

/**
 * Changes what a program uses.
 * @param {import('acorn').Program} program
 * @param {string} source
 * @param {string} prefix  that begins no name of the text
 * @param {import('internal/modules/edits').Edits} edits
 * @returns {{ head: string, tail: string } | undefined} what goes around a module that uses
 *   something outside of blocks; a script is changed itself
 */
function translateUsing(program, source, prefix, edits) {
  const using = new Using(source, prefix, edits);
  for (const statement of program.body) using.visit(statement);
  if (program.sourceType !== 'module') {
    using.list(program.body, source.length);
    return undefined;
  }
  const uses = program.body.filter(isUsing);
  if (uses.length === 0) return undefined;
  for (const one of uses) using.declaration(one);
  return { head: using.open(), tail: using.close(uses.some(({ kind }) => kind === ASYNC)) };
}

module.exports = { translateUsing };
