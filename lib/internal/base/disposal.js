'use strict';
// Explicit resource management: what `using` becomes in programs (internal/modules/using), and
// DisposableStack, AsyncDisposableStack and SuppressedError, which the engine does not have.
// https://tc39.es/proposal-explicit-resource-management/

const SUPPRESSED = 'An error was suppressed during disposal';

class SuppressedError extends Error {
  /**
   * @param {unknown} error  that is thrown
   * @param {unknown} suppressed  that was on its way when it was thrown
   * @param {string} [message]
   */
  constructor(error, suppressed, message) {
    super(message);
    const define = (name, value) =>
      Object.defineProperty(this, name, { value, writable: true, configurable: true });
    define('error', error);
    define('suppressed', suppressed);
  }
}
Object.defineProperty(SuppressedError.prototype, 'name', {
  value: 'SuppressedError',
  writable: true,
  configurable: true,
});

/** How a value is given back; throws if it cannot be. */
function methodOf(value, isAsync) {
  if (typeof value !== 'object' && typeof value !== 'function')
    throw new TypeError('An object is expected with `using` declarations');
  const method = (isAsync ? value[Symbol.asyncDispose] : undefined) ?? value[Symbol.dispose];
  if (typeof method === 'function') return method;
  throw new TypeError('Symbol(Symbol.dispose) is not a function');
}

/** What a block has to give back, last one first. */
class Resources {
  #undo = []; // functions; undefined: only an `await`
  #failed = false;
  #error = undefined;

  use(value) {
    if (value !== null && value !== undefined) {
      const method = methodOf(value, false);
      this.#undo.push(() => Reflect.apply(method, value, []));
    }
    return value;
  }

  useAsync(value) {
    if (value === null || value === undefined) this.#undo.push(undefined);
    else {
      const method = methodOf(value, true);
      // The promise of a synchronous method is not waited for.
      const waits = method === value[Symbol.asyncDispose];
      this.#undo.push(() => {
        const result = Reflect.apply(method, value, []);
        return waits ? result : undefined;
      });
    }
    return value;
  }

  add(undo) {
    this.#undo.push(undo);
  }

  /** Takes over what another one has to give back. */
  take(other) {
    this.#undo = other.#undo;
    other.#undo = [];
  }

  /** The block ended with an error. */
  failed(error) {
    if (this.#failed) error = new SuppressedError(error, this.#error, SUPPRESSED);
    this.#failed = true;
    this.#error = error;
  }

  #settle() {
    if (this.#failed) throw this.#error;
  }

  end() {
    while (this.#undo.length > 0) {
      try {
        this.#undo.pop()();
      } catch (error) {
        this.failed(error);
      }
    }
    this.#settle();
  }

  async endAsync() {
    while (this.#undo.length > 0) {
      try {
        await this.#undo.pop()?.();
      } catch (error) {
        this.failed(error);
      }
    }
    this.#settle();
  }
}

/** What `using` in a block becomes calls of. */
const $sluice_using = () => new Resources();

function checkFunction(value) {
  if (typeof value !== 'function') throw new TypeError(`${String(value)} is not a function`);
}

class DisposableStack {
  #resources = new Resources();
  #disposed = false;

  get disposed() {
    return this.#disposed;
  }

  #usable(method) {
    if (this.#disposed)
      throw new ReferenceError(
        `Cannot call DisposableStack.prototype.${method} on an already-disposed DisposableStack`,
      );
    return this.#resources;
  }

  use(value) {
    return this.#usable('use').use(value);
  }

  adopt(value, onDispose) {
    const resources = this.#usable('adopt');
    checkFunction(onDispose);
    resources.add(() => onDispose(value));
    return value;
  }

  defer(onDispose) {
    const resources = this.#usable('defer');
    checkFunction(onDispose);
    resources.add(() => onDispose());
  }

  move() {
    const moved = new DisposableStack();
    moved.#resources.take(this.#usable('move'));
    this.#disposed = true;
    return moved;
  }

  dispose() {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#resources.end();
  }
}

class AsyncDisposableStack {
  #resources = new Resources();
  #disposed = false;

  get disposed() {
    return this.#disposed;
  }

  #usable(method) {
    if (this.#disposed)
      throw new ReferenceError(
        `Cannot call AsyncDisposableStack.prototype.${method} on an already-disposed DisposableStack`,
      );
    return this.#resources;
  }

  use(value) {
    return this.#usable('use').useAsync(value);
  }

  adopt(value, onDispose) {
    const resources = this.#usable('adopt');
    checkFunction(onDispose);
    resources.add(() => onDispose(value));
    return value;
  }

  defer(onDispose) {
    const resources = this.#usable('defer');
    checkFunction(onDispose);
    resources.add(() => onDispose());
  }

  move() {
    const moved = new AsyncDisposableStack();
    moved.#resources.take(this.#usable('move'));
    this.#disposed = true;
    return moved;
  }

  async disposeAsync() {
    if (this.#disposed) return;
    this.#disposed = true;
    await this.#resources.endAsync();
  }
}

for (const [Class, symbol, method] of [
  [DisposableStack, Symbol.dispose, 'dispose'],
  [AsyncDisposableStack, Symbol.asyncDispose, 'disposeAsync'],
]) {
  Object.defineProperties(Class.prototype, {
    [symbol]: { value: Class.prototype[method], writable: true, configurable: true },
    [Symbol.toStringTag]: { value: Class.name, configurable: true },
  });
}

module.exports = { $sluice_using, AsyncDisposableStack, DisposableStack, SuppressedError };
