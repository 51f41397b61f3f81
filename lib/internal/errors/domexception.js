'use strict';
// DOMException (https://webidl.spec.whatwg.org/#idl-DOMException).

// name: [legacy code, name of the constant]
const legacy = {
  IndexSizeError: [1, 'INDEX_SIZE_ERR'],
  HierarchyRequestError: [3, 'HIERARCHY_REQUEST_ERR'],
  WrongDocumentError: [4, 'WRONG_DOCUMENT_ERR'],
  InvalidCharacterError: [5, 'INVALID_CHARACTER_ERR'],
  NoModificationAllowedError: [7, 'NO_MODIFICATION_ALLOWED_ERR'],
  NotFoundError: [8, 'NOT_FOUND_ERR'],
  NotSupportedError: [9, 'NOT_SUPPORTED_ERR'],
  InUseAttributeError: [10, 'INUSE_ATTRIBUTE_ERR'],
  InvalidStateError: [11, 'INVALID_STATE_ERR'],
  SyntaxError: [12, 'SYNTAX_ERR'],
  InvalidModificationError: [13, 'INVALID_MODIFICATION_ERR'],
  NamespaceError: [14, 'NAMESPACE_ERR'],
  InvalidAccessError: [15, 'INVALID_ACCESS_ERR'],
  TypeMismatchError: [17, 'TYPE_MISMATCH_ERR'],
  SecurityError: [18, 'SECURITY_ERR'],
  NetworkError: [19, 'NETWORK_ERR'],
  AbortError: [20, 'ABORT_ERR'],
  URLMismatchError: [21, 'URL_MISMATCH_ERR'],
  QuotaExceededError: [22, 'QUOTA_EXCEEDED_ERR'],
  TimeoutError: [23, 'TIMEOUT_ERR'],
  InvalidNodeTypeError: [24, 'INVALID_NODE_TYPE_ERR'],
  DataCloneError: [25, 'DATA_CLONE_ERR'],
};
const unused = { DOMSTRING_SIZE_ERR: 2, NO_DATA_ALLOWED_ERR: 6, VALIDATION_ERR: 16 };

class DOMException extends Error {
  #name;

  /**
   * @param {string} [message]
   * @param {string|{name?: string, cause?: any}} [options] its name, 'Error' by default
   */
  constructor(message = '', options = 'Error') {
    const named = typeof options === 'object' && options !== null;
    if (named && 'cause' in options) super(`${message}`, { cause: options.cause });
    else super(`${message}`);
    const name = named ? options.name : options;
    this.#name = name === undefined ? 'Error' : `${name}`;
  }

  get name() {
    return this.#name;
  }
  /** The number that older programs know the name by, or 0. */
  get code() {
    return Object.hasOwn(legacy, this.#name) ? legacy[this.#name][0] : 0;
  }
  get [Symbol.toStringTag]() {
    return 'DOMException';
  }
}

const constants = { ...unused };
for (const [code, constant] of Object.values(legacy)) constants[constant] = code;
for (const [name, value] of Object.entries(constants)) {
  Object.defineProperty(DOMException, name, { value, enumerable: true });
  Object.defineProperty(DOMException.prototype, name, { value, enumerable: true });
}

/** A limit of the one who threw it would have been exceeded (https://webidl.spec.whatwg.org/). */
class QuotaExceededError extends DOMException {
  #quota;
  #requested;

  /** @param {string} [message] @param {{ quota?: number, requested?: number }} [options] */
  constructor(message = '', { quota, requested } = {}) {
    super(message, 'QuotaExceededError');
    this.#quota = amount(quota, 'quota');
    this.#requested = amount(requested, 'requested');
    if (this.#quota !== null && this.#requested !== null && this.#requested < this.#quota)
      throw new RangeError('options.requested must not be less than options.quota');
  }

  get quota() {
    return this.#quota;
  }
  get requested() {
    return this.#requested;
  }
  get [Symbol.toStringTag]() {
    return 'QuotaExceededError';
  }
}

function amount(value, name) {
  if (value === undefined) return null;
  const number = Number(value);
  if (!Number.isFinite(number))
    throw new TypeError(`Cannot convert options.${name} to a double: the value is ${number}`);
  if (number < 0) throw new RangeError(`options.${name} must not be negative`);
  return number;
}

module.exports = { DOMException, QuotaExceededError };
