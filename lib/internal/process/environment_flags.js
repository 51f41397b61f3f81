'use strict';
// process.allowedNodeEnvironmentFlags: the options of the command that NODE_OPTIONS may have.
const { nodeOptions } = binding('module');

/** The name of an option, with dashes only and without its value. */
function nameOf(option) {
  const [plain] = option.replaceAll('_', '-').split('=');
  return plain.startsWith('-') ? plain : `--${plain}`;
}

class NodeEnvironmentFlagsSet extends Set {
  /** Nothing is added or removed: what the command takes does not change. */
  add() {
    return this;
  }
  delete() {
    return false;
  }
  clear() {}

  /** Also by a name with _ for -, without its dashes, or with a value. */
  has(option) {
    if (typeof option !== 'string' || option === '') return false;
    return super.has(nameOf(option)) || (/^\w$/.test(option) && super.has(`-${option}`));
  }
}

const flags = new NodeEnvironmentFlagsSet();
for (const option of nodeOptions.split(' ')) Set.prototype.add.call(flags, option);

module.exports = Object.freeze(flags);
