'use strict';
// Runs in a new context: `names` are what internal/vm/contexts gives. The engine asks the object for
// the names of the global one, but not for their attributes; those that ask for them do so here.
const { global, object, declared, wasm, ABSENT } = this;

for (const name of ABSENT) delete global[name];

const hidden = (target, name, value) =>
  Object.defineProperty(target, name, {
    value,
    writable: true,
    configurable: true,
    enumerable: false,
  });

if (object !== undefined) {
  const nativeObject = { ...Object.getOwnPropertyDescriptors(Object) };
  const own = Object.prototype.hasOwnProperty;
  const { apply } = Reflect;
  const has = (name) => apply(own, object, [name]) && !(name in declared);
  /** What a call on target concerns: names of the object are its own. */
  const owner = (target, name) => (target === global && has(name) ? object : target);
  /**
   * Defines by define(target, name, attributes). What is defined on the global object is the object's,
   * as what is set; symbols, for which the engine does not ask the object, are both's.
   */
  const defineOn = (define, target, name, attributes) => {
    if (target === global && typeof name === 'symbol') define(object, name, attributes);
    return define(
      target === global && typeof name !== 'symbol' ? object : target,
      name,
      attributes,
    );
  };
  const replace = (holder, methods) => {
    for (const name of Object.keys(methods)) hidden(holder, name, methods[name]);
  };
  const describe = nativeObject.getOwnPropertyDescriptor.value;
  const defineOne = nativeObject.defineProperty.value;
  const { defineProperty: reflectDefine, getOwnPropertyDescriptor: reflectDescribe } = Reflect;
  replace(Object, {
    getOwnPropertyDescriptor(target, name) {
      return describe(owner(target, name), name);
    },
    defineProperty(target, name, attributes) {
      defineOn(defineOne, target, name, attributes);
      return target;
    },
    defineProperties(target, all) {
      if (target !== global) return nativeObject.defineProperties.value(target, all);
      for (const name of Reflect.ownKeys(all)) defineOn(defineOne, target, name, all[name]);
      return target;
    },
    getOwnPropertyDescriptors(target) {
      const all = nativeObject.getOwnPropertyDescriptors.value(target);
      if (target === global)
        Object.assign(all, nativeObject.getOwnPropertyDescriptors.value(object));
      return all;
    },
  });
  replace(Reflect, {
    getOwnPropertyDescriptor(target, name) {
      return reflectDescribe(owner(target, name), name);
    },
    defineProperty(target, name, attributes) {
      return defineOn(reflectDefine, target, name, attributes);
    },
  });
}

if (!wasm && typeof WebAssembly === 'object') {
  const refuse = (name) =>
    class {
      constructor() {
        throw new WebAssembly.CompileError(
          `${name}(): Wasm code generation disallowed by embedder`,
        );
      }
    };
  hidden(WebAssembly, 'Module', refuse('WebAssembly.Module'));
  for (const name of ['compile', 'instantiate'])
    hidden(WebAssembly, name, async () => new (refuse(`WebAssembly.${name}`))());
}
