// Variables of functions as `var`, for the modules that are embedded. What a function can see of
// `const`, `let` and `class` of functions around it, the engine keeps with each function, as it may
// be called before they have a value: 70 bytes and more, and time, for each that a program loads.
// ESLint sees to it that sluice's own modules do not assign constants.
import { parse } from 'acorn';

/**
 * Text in which the declarations of `const`, `let` and classes that are statements of the module, or
 * of a function, are ones of `var`. What is in blocks and loops stays as it is. Places stay the same,
 * but those behind the name of a class on its line.
 * @param {string} text of a script, which will be the body of a function
 * @returns {string}
 */
export function withVariables(text) {
  const edits = []; // [start, end, replacement]
  const declare = (statements) => {
    for (const { type, kind, start, end, id } of statements) {
      if (type === 'ClassDeclaration') {
        edits.push([start, start, `var ${id.name}=`], [end, end, ';']);
      } else if (type === 'VariableDeclaration' && (kind === 'const' || kind === 'let')) {
        edits.push([start, start + kind.length, 'var'.padEnd(kind.length)]);
      }
    }
  };
  const visit = (node) => {
    if (node.type === 'Program') declare(node.body);
    else if (node.body?.type === 'BlockStatement' && 'params' in node) declare(node.body.body);
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value])
        if (typeof child?.type === 'string') visit(child);
    }
  };
  visit(
    parse(text, { ecmaVersion: 'latest', sourceType: 'script', allowReturnOutsideFunction: true }),
  );
  let result = '';
  let at = 0;
  for (const [start, end, replacement] of edits.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    result += text.slice(at, start) + replacement;
    at = end;
  }
  return result + text.slice(at);
}
