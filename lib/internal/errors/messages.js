'use strict';
// The table of errors with a code. Read when the first such error is made.

/** How a received value is described in messages. */
function describe(value) {
  if (value == null) return ` Received ${value}`;
  if (typeof value === 'function') return ` Received function ${value.name}`;
  if (typeof value === 'object') {
    const name = value.constructor?.name;
    return name ? ` Received an instance of ${name}` : ` Received ${show(value)}`;
  }
  let text = show(value);
  if (text.length > 28) text = `${text.slice(0, 25)}...`;
  return ` Received type ${typeof value} (${text})`;
}

function show(value) {
  if (typeof value === 'string') return require('internal/inspect/inspect').inspect(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'symbol')
    return Object.is(value, -0) ? '-0' : String(value);
  if (value === undefined) return 'undefined';
  return require('internal/inspect/inspect').inspect(value);
}

function list(words, last = 'or') {
  if (words.length < 2) return words.join('');
  if (words.length === 2) return `${words[0]} ${last} ${words[1]}`;
  return `${words.slice(0, -1).join(', ')}, ${last} ${words.at(-1)}`;
}

function expectedTypes(expected) {
  const types = [];
  const instances = [];
  const others = [];
  for (const word of Array.isArray(expected) ? expected : [expected]) {
    if (/^(string|function|number|boolean|symbol|bigint|object|Object|Function)$/.test(word))
      types.push(word.toLowerCase());
    else if (/^[A-Z][A-Za-z0-9]*$/.test(word)) instances.push(word);
    else others.push(word);
  }
  const parts = [];
  if (types.length > 0)
    parts.push(`${types.length > 1 ? 'one of type' : 'of type'} ${list(types)}`);
  if (instances.length > 0) parts.push(`an instance of ${list(instances)}`);
  if (others.length > 1) parts.push(`one of ${list(others)}`);
  else if (others.length > 0) parts.push(/[A-Z]/.test(others[0]) ? `an ${others[0]}` : others[0]);
  return parts.join(' or ');
}

function group(number) {
  return String(number).replace(/(\d)(?=(\d{3})+n?$)/g, '$1_');
}

function received(value) {
  if (typeof value === 'bigint')
    return `${Math.abs(Number(value)) > 2 ** 32 ? group(value) : value}n`;
  if (Number.isInteger(value) && Math.abs(value) > 2 ** 32) return group(value);
  return show(value);
}

// code: [class, (arguments) => message]
const table = {
  ERR_ACTIVATION_FD: [
    Error,
    (which, reason) =>
      `There is no socket ${typeof which === 'string' ? `'${which}'` : which} to listen on: ${reason}`,
  ],
  ERR_AMBIGUOUS_ARGUMENT: [
    TypeError,
    (name, reason) => `The "${name}" argument is ambiguous. ${reason}`,
  ],
  ERR_ARG_NOT_ITERABLE: [TypeError, (name) => `${name} must be iterable`],
  ERR_ASSERTION: [Error, (message) => message],
  ERR_ASYNC_CALLBACK: [TypeError, (name) => `${name} must be a function`],
  ERR_ASYNC_LOADER_REQUEST_NEVER_SETTLED: [
    Error,
    ({ kind, given }) =>
      `The hooks of module.register() never settled: ${kind} of ${show(given)} has no answer`,
  ],
  ERR_BROTLI_INVALID_PARAM: [RangeError, (key) => `${key} is not a valid Brotli parameter`],
  ERR_BUFFER_OUT_OF_BOUNDS: [
    RangeError,
    (name) =>
      name
        ? `"${name}" is outside of buffer bounds`
        : 'Attempt to access memory outside buffer bounds',
  ],
  ERR_BUFFER_TOO_LARGE: [RangeError, (size) => `Cannot create a Buffer larger than ${size} bytes`],
  ERR_CHILD_CLOSED_BEFORE_REPLY: [Error, () => 'Child closed before reply received'],
  ERR_CHILD_PROCESS_IPC_REQUIRED: [
    Error,
    (name) => `Forked processes must have an IPC channel, missing value 'ipc' in ${name}`,
  ],
  ERR_CHILD_PROCESS_STDIO_MAXBUFFER: [RangeError, (name) => `${name} maxBuffer length exceeded`],
  ERR_CONSTRUCT_CALL_REQUIRED: [
    TypeError,
    (name) => `Class constructor ${name} cannot be invoked without \`new\``,
  ],
  ERR_CONSOLE_WRITABLE_STREAM: [
    TypeError,
    (name) => `Console expects a writable stream instance for ${name}`,
  ],
  ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED: [
    Error,
    () => 'Custom engines not supported by this OpenSSL',
  ],
  ERR_CRYPTO_ECDH_INVALID_FORMAT: [TypeError, (format) => `Invalid ECDH format: ${format}`],
  ERR_CRYPTO_ECDH_INVALID_PUBLIC_KEY: [Error, () => 'Public key is not valid for specified curve'],
  ERR_CRYPTO_ARGON2_NOT_SUPPORTED: [
    Error,
    () => 'Argon2 needs OpenSSL 3.2 or later, and this one is older',
  ],
  ERR_CRYPTO_HASH_FINALIZED: [Error, () => 'Digest already called'],
  ERR_CRYPTO_HASH_UPDATE_FAILED: [Error, () => 'Hash update failed'],
  ERR_CRYPTO_INCOMPATIBLE_KEY: [Error, (what, other) => `Incompatible ${what}: ${other}`],
  ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS: [
    Error,
    (encoding, reason) => `The selected key encoding ${encoding} ${reason}.`,
  ],
  ERR_CRYPTO_INVALID_AUTH_TAG: [TypeError, (message) => message],
  ERR_CRYPTO_INVALID_CURVE: [TypeError, () => 'Invalid EC curve name'],
  ERR_CRYPTO_INVALID_DIGEST: [
    TypeError,
    (name) => (name === undefined ? 'Invalid digest' : `Invalid digest: ${name}`),
  ],
  ERR_CRYPTO_INVALID_IV: [TypeError, () => 'Invalid initialization vector'],
  ERR_CRYPTO_INVALID_JWK: [TypeError, (message = 'Invalid JWK data') => message],
  ERR_CRYPTO_INVALID_KEYLEN: [RangeError, () => 'Invalid key length'],
  ERR_CRYPTO_INVALID_KEYPAIR: [RangeError, () => 'Invalid key pair'],
  ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE: [
    TypeError,
    (type, expected) => `Invalid key object type ${type}, expected ${expected}.`,
  ],
  ERR_CRYPTO_INVALID_SCRYPT_PARAMS: [
    RangeError,
    (reason) => `Invalid scrypt params${reason ? `: ${reason}` : ''}`,
  ],
  ERR_CRYPTO_INVALID_STATE: [Error, (message) => message],
  ERR_CRYPTO_JWK_UNSUPPORTED_CURVE: [Error, (curve) => `Unsupported JWK EC curve: ${curve}.`],
  ERR_CRYPTO_JWK_UNSUPPORTED_KEY_TYPE: [Error, () => 'Unsupported JWK Key Type.'],
  ERR_CRYPTO_OPERATION_FAILED: [Error, (message) => message],
  ERR_CRYPTO_SIGN_KEY_REQUIRED: [Error, () => 'No key provided to sign'],
  ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH: [
    RangeError,
    () => 'Input buffers must have the same byte length',
  ],
  ERR_CRYPTO_UNKNOWN_CIPHER: [Error, () => 'Unknown cipher'],
  ERR_CRYPTO_UNKNOWN_DH_GROUP: [Error, () => 'Unknown DH group'],
  ERR_CRYPTO_UNSUPPORTED_OPERATION: [Error, (reason = 'Unsupported crypto operation') => reason],
  ERR_DIR_CLOSED: [Error, () => 'Directory handle was closed'],
  ERR_DNS_SET_SERVERS_FAILED: [
    Error,
    (reason, servers) => `c-ares failed to set servers: "${reason}" [${show(servers)}]`,
  ],
  ERR_ENCODING_INVALID_ENCODED_DATA: [
    TypeError,
    (encoding) => `The encoded data was not valid for encoding ${encoding}`,
  ],
  ERR_ENCODING_NOT_SUPPORTED: [RangeError, (label) => `The "${label}" encoding is not supported`],
  ERR_EVENT_RECURSION: [Error, (name) => `The event "${name}" is already being dispatched`],
  ERR_FALSY_VALUE_REJECTION: [Error, () => 'Promise was rejected with falsy value'],
  ERR_FEATURE_UNAVAILABLE: [Error, (name) => `${name} is not available in this version of sluice`],
  ERR_FS_FILE_TOO_LARGE: [RangeError, (size) => `File size (${size}) is greater than 2 GiB`],
  ERR_GROUP_CLOSED: [Error, (group) => `The server group '${group}' has no master that runs`],
  ERR_GROUP_EXISTS: [Error, (group) => `A server group named '${group}' runs already`],
  ERR_GROUP_JOINED: [Error, (group) => `This task has a server of the group '${group}' already`],
  ERR_GROUP_NESTED: [
    Error,
    (group, own) =>
      `A sub task of the group '${own}' cannot start the group '${group}' with subs > 0`,
  ],
  ERR_GROUP_NOT_MASTER: [Error, (name) => `${name} is set on the group's master`],
  ERR_GROUP_NOT_SUB: [Error, (group) => `This task is not a sub task of the group '${group}'`],
  ...require('internal/errors/http2'),
  ERR_HTTP_BODY_NOT_ALLOWED: [
    Error,
    () => 'Adding content for this request method or response status is not allowed.',
  ],
  ERR_FS_WATCH_QUEUE_OVERFLOW: [Error, (most) => `fs.watch() queued more than ${most} events`],
  ERR_HTTP_CONTENT_LENGTH_MISMATCH: [
    Error,
    (written, declared) =>
      `Response body's content-length of ${written} byte(s) does not match the content-length of ${declared} byte(s) set in header`,
  ],
  ERR_HTTP_HEADERS_SENT: [
    Error,
    (what) => `Cannot ${what} headers after they are sent to the client`,
  ],
  ERR_HTTP_INVALID_HEADER_VALUE: [
    TypeError,
    (value, name) => `Invalid value "${value}" for header "${name}"`,
  ],
  ERR_HTTP_INVALID_STATUS_CODE: [RangeError, (code) => `Invalid status code: ${code}`],
  ERR_HTTP_REQUEST_TIMEOUT: [Error, () => 'Request timeout'],
  ERR_HTTP_SOCKET_ASSIGNED: [Error, () => 'ServerResponse has an already assigned socket'],
  ERR_HTTP_TRAILER_INVALID: [Error, () => 'Trailers are invalid with this transfer encoding'],
  ERR_ILLEGAL_CONSTRUCTOR: [TypeError, () => 'Illegal constructor'],
  ERR_IMPORT_ATTRIBUTE_MISSING: [
    TypeError,
    (url, name, value) => `Module "${url}" needs an import attribute of "${name}: ${value}"`,
  ],
  ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE: [
    TypeError,
    (url, type) => `Module "${url}" is not of type "${type}"`,
  ],
  ERR_IMPORT_ATTRIBUTE_UNSUPPORTED: [
    TypeError,
    (name, value, url) =>
      `Import attribute "${name}" with value "${value}" is not supported in ${url}`,
  ],
  ERR_INCOMPATIBLE_OPTION_PAIR: [
    TypeError,
    (one, other) => `Option "${one}" cannot be used in combination with option "${other}"`,
  ],
  ERR_INSPECTOR_ALREADY_CONNECTED: [Error, (what) => `${what} is already connected`],
  ERR_INSPECTOR_COMMAND: [Error, (code, message) => `Inspector error ${code}: ${message}`],
  ERR_INSPECTOR_NOT_CONNECTED: [Error, () => 'Session is not connected'],
  ERR_INSPECTOR_NOT_WORKER: [Error, () => 'Current thread is not a worker'],
  ERR_INVALID_ADDRESS: [Error, () => 'Invalid socket address'],
  ERR_INVALID_ADDRESS_FAMILY: [
    RangeError,
    (family, host, port) => `Invalid address family: ${family} ${host}:${port}`,
  ],
  ERR_INVALID_ARG_TYPE: [
    TypeError,
    (name, expected, value) => {
      const what = name.endsWith(' argument')
        ? `The ${name}`
        : `The "${name}" ${name.includes('.') ? 'property' : 'argument'}`;
      return `${what} must be ${expectedTypes(expected)}.${describe(value)}`;
    },
  ],
  ERR_INVALID_ARG_VALUE: [
    TypeError,
    (name, value, reason = 'is invalid') => {
      let text = show(value);
      if (text.length > 128) text = `${text.slice(0, 128)}...`;
      return `The ${name.includes('.') ? 'property' : 'argument'} '${name}' ${reason}. Received ${text}`;
    },
  ],
  ERR_INVALID_ASYNC_ID: [RangeError, (name, value) => `Invalid ${name} value: ${String(value)}`],
  ERR_INVALID_BUFFER_SIZE: [RangeError, (bits) => `Buffer size must be a multiple of ${bits}`],
  ERR_INVALID_CALLBACK: [TypeError, (value) => `Callback must be a function.${describe(value)}`],
  ERR_INVALID_CHAR: [
    TypeError,
    (name, field) => `Invalid character in ${name}${field === undefined ? '' : ` ["${field}"]`}`,
  ],
  ERR_INVALID_CURSOR_POS: [TypeError, () => 'Cannot set cursor row without setting its column'],
  ERR_INVALID_FD: [RangeError, (fd) => `"fd" must be a positive integer: ${show(fd)}`],
  ERR_INVALID_FD_TYPE: [TypeError, (type) => `Unsupported fd type: ${type}`],
  ERR_INVALID_FILE_URL_HOST: [
    TypeError,
    () => 'File URL host must be "localhost" or empty on linux',
  ],
  ERR_INVALID_FILE_URL_PATH: [TypeError, (reason) => `File URL path ${reason}`],
  ERR_INVALID_HANDLE_TYPE: [TypeError, () => 'This handle type cannot be sent'],
  ERR_INVALID_HTTP_TOKEN: [
    TypeError,
    (name, field) => `${name} must be a valid HTTP token ["${field}"]`,
  ],
  ERR_INVALID_IP_ADDRESS: [TypeError, (value) => `Invalid IP address: ${value}`],
  ERR_INVALID_MIME_SYNTAX: [
    TypeError,
    (what, text, at) =>
      `The MIME syntax for a ${what} in ${JSON.stringify(text)} is invalid${at < 0 ? '' : ` at ${at}`}`,
  ],
  ERR_INVALID_MODULE_SPECIFIER: [
    TypeError,
    (request, reason, base) =>
      `Invalid module "${request}" ${reason}${base ? ` imported from ${base}` : ''}`,
  ],
  ERR_INVALID_OBJECT_DEFINE_PROPERTY: [TypeError, (message) => message],
  ERR_INVALID_PACKAGE_CONFIG: [
    Error,
    (path, reason) => `Invalid package config ${path}. ${reason}`,
  ],
  ERR_INVALID_PACKAGE_TARGET: [
    Error,
    (folder, key, target, imports = false) => {
      const table = imports ? 'imports' : 'exports';
      const what = key === '.' ? `"${table}" main target` : `"${table}" target`;
      const where = key === '.' ? 'defined' : `defined for '${key}'`;
      const relative = !imports && typeof target === 'string' && !target.startsWith('./');
      return (
        `Invalid ${what} ${JSON.stringify(target)} ${where} in the package config ${folder}package.json` +
        (relative ? '; targets must start with "./"' : '')
      );
    },
  ],
  ERR_INVALID_PROTOCOL: [
    TypeError,
    (value, expected) => `Protocol "${value}" not supported. Expected "${expected}"`,
  ],
  ERR_INVALID_RETURN_PROPERTY_VALUE: [
    TypeError,
    (input, name, property, value) =>
      `Expected ${input} to be returned for the "${property}" from the "${name}" hook but got${describe(value).slice(' Received'.length)}.`,
  ],
  ERR_INVALID_RETURN_VALUE: [
    TypeError,
    (input, name, value) =>
      `Expected ${input} to be returned from the "${name}" function but got${describe(value).slice(' Received'.length)}.`,
  ],
  ERR_INVALID_STATE: [Error, (reason) => `Invalid state: ${reason}`],
  ERR_INVALID_SYNC_FORK_INPUT: [
    TypeError,
    (text) =>
      `Asynchronous forks do not support Buffer, TypedArray, DataView or string input: ${text}`,
  ],
  ERR_INVALID_THIS: [TypeError, (name) => `Value of "this" must be of type ${name}`],
  ERR_INVALID_TUPLE: [TypeError, (name, tuple) => `${name} must be an iterable ${tuple} tuple`],
  ERR_INVALID_URL: [TypeError, () => 'Invalid URL'],
  ERR_INVALID_URL_PATTERN: [TypeError, (reason) => `Failed to construct URLPattern: ${reason}`],
  ERR_INVALID_URL_SCHEME: [
    TypeError,
    (expected) => `The URL must be of scheme ${list([].concat(expected))}`,
  ],
  ERR_IPC_CHANNEL_CLOSED: [Error, () => 'Channel closed'],
  ERR_IPC_DISCONNECTED: [Error, () => 'IPC channel is already disconnected'],
  ERR_IPC_MESSAGE_TOO_LONG: [
    Error,
    (most) => `The other process sent a message of more than ${most} bytes`,
  ],
  ERR_IPC_ONE_PIPE: [Error, () => 'Child process can have only one IPC pipe'],
  ERR_IPC_SYNC_FORK: [Error, () => 'IPC cannot be used with synchronous forks'],
  ERR_IP_BLOCKED: [Error, (ip) => `IP(${ip}) is blocked by net.BlockList`],
  ERR_LOADER_CHAIN_INCOMPLETE: [
    Error,
    (hook) =>
      `"${hook}" did not call the next hook in its chain and did not explicitly signal a short circuit. If this is intentional, include \`shortCircuit: true\` in the hook's return.`,
  ],
  ERR_METHOD_NOT_IMPLEMENTED: [Error, (name) => `The ${name} method is not implemented`],
  ERR_MISSING_ARGS: [
    TypeError,
    (...names) => {
      const quoted = names.map((name) =>
        Array.isArray(name) ? name.map((one) => `"${one}"`).join(' or ') : `"${name}"`,
      );
      return `The ${list(quoted, 'and')} argument${names.length > 1 ? 's' : ''} must be specified`;
    },
  ],
  ERR_MISSING_OPTION: [TypeError, (name) => `${name} is required`],
  ERR_MODULE_NOT_FOUND: [
    Error,
    (kind, name, base) => `Cannot find ${kind} '${name}' imported from ${base}`,
  ],
  ERR_MULTIPLE_CALLBACK: [Error, () => 'Callback called multiple times'],
  ERR_OPERATION_FAILED: [TypeError, (message) => message],
  ERR_OUT_OF_RANGE: [
    RangeError,
    (name, range, value) =>
      `The value of "${name}" is out of range. It must be ${range}. Received ${received(value)}`,
  ],
  ERR_PACKAGE_IMPORT_NOT_DEFINED: [
    TypeError,
    (request, folder, base) =>
      `Package import specifier "${request}" is not defined${folder ? ` in package ${folder}package.json` : ''} imported from ${base}`,
  ],
  ERR_PACKAGE_PATH_NOT_EXPORTED: [
    Error,
    (folder, subpath) =>
      subpath === '.'
        ? `No "exports" main defined in ${folder}package.json`
        : `Package subpath '${subpath}' is not defined by "exports" in ${folder}package.json`,
  ],
  ERR_PARSE_ARGS_INVALID_OPTION_VALUE: [TypeError, (message) => message],
  ERR_PARSE_ARGS_UNEXPECTED: [TypeError, (message) => message],
  ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL: [TypeError, (message) => message],
  ERR_PARSE_ARGS_UNKNOWN_OPTION: [TypeError, (message) => message],
  ERR_PERFORMANCE_INVALID_TIMESTAMP: [TypeError, (value) => `${value} is not a valid timestamp`],
  ERR_PERFORMANCE_MEASURE_INVALID_OPTIONS: [TypeError, (reason) => reason],
  ERR_PROTO_ACCESS: [
    Error,
    () => 'Accessing Object.prototype.__proto__ has been disallowed with --disable-proto=throw',
  ],
  ERR_PROXY_INVALID_CONFIG: [Error, (text) => text],
  ERR_PROXY_TUNNEL: [Error, (text) => text],
  ERR_READLINE_LINE_TOO_LONG: [
    Error,
    (most) => `A line has more than ${most} characters, which is what maxLineLength allows`,
  ],
  ERR_REQUIRE_ASYNC_MODULE: [
    Error,
    (file, parent) =>
      `require() cannot be used on an ESM graph with top-level await. Use import() instead.\n` +
      `  From ${parent ?? 'the command line'}\n  Requiring ${file}`,
  ],
  ERR_REQUIRE_CYCLE_MODULE: [
    Error,
    (file, parent) =>
      `Cannot require() ES Module ${file} in a cycle. From ${parent ?? 'the command line'}`,
  ],
  ERR_SERVER_ALREADY_LISTEN: [
    Error,
    () => 'Listen method has been called more than once without closing.',
  ],
  ERR_SERVER_NOT_ENCRYPTED: [
    Error,
    () => 'The server was made without tlsOpt: it has no certificates',
  ],
  ERR_SERVER_NOT_RUNNING: [Error, () => 'Server is not running.'],
  ERR_SIM_UNSUPPORTED: [Error, (what) => `A simulated program cannot have ${what}`],
  ERR_SOCKET_ALREADY_BOUND: [Error, () => 'Socket is already bound'],
  ERR_SOCKET_BAD_BUFFER_SIZE: [TypeError, () => 'Buffer size must be a positive integer'],
  ERR_SOCKET_BAD_PORT: [
    RangeError,
    (name, port, allowZero = true) =>
      `${name} should be ${allowZero ? '>=' : '>'} 0 and < 65536.${describe(port)}.`,
  ],
  ERR_SOCKET_BAD_TYPE: [TypeError, () => 'Bad socket type specified. Valid types are: udp4, udp6'],
  ERR_SOCKET_CLOSED: [Error, () => 'Socket is closed'],
  ERR_SOCKET_CLOSED_BEFORE_CONNECTION: [
    Error,
    () => 'Socket closed before the connection was established',
  ],
  ERR_SOCKET_CONNECTION_TIMEOUT: [Error, () => 'Socket connection timeout'],
  ERR_SOCKET_DGRAM_IS_CONNECTED: [Error, () => 'Already connected'],
  ERR_SOCKET_DGRAM_NOT_CONNECTED: [Error, () => 'Not connected'],
  ERR_SOCKET_DGRAM_NOT_RUNNING: [Error, () => 'Not running'],
  ERR_SOCKET_HANDLE_ADOPTED: [
    Error,
    () => 'The bound socket has already been adopted by a server or socket',
  ],
  ERR_STREAM_ALREADY_FINISHED: [Error, (name) => `Cannot call ${name} after a stream was finished`],
  ERR_STREAM_CANNOT_PIPE: [Error, () => 'Cannot pipe, not readable'],
  ERR_STREAM_DESTROYED: [Error, (name) => `Cannot call ${name} after a stream was destroyed`],
  ERR_STREAM_NULL_VALUES: [TypeError, () => 'May not write null values to stream'],
  ERR_STREAM_PREMATURE_CLOSE: [Error, () => 'Premature close'],
  ERR_STREAM_PUSH_AFTER_EOF: [Error, () => 'stream.push() after EOF'],
  ERR_STREAM_UNSHIFT_AFTER_END_EVENT: [Error, () => 'stream.unshift() after end event'],
  ERR_STREAM_WRAP: [Error, () => 'Stream has StringDecoder set or is in objectMode'],
  ERR_STREAM_WRITE_AFTER_END: [Error, () => 'write after end'],
  ERR_STRING_TOO_LONG: [
    Error,
    (length) => `Cannot create a string longer than 0x${length.toString(16)} characters`,
  ],
  ERR_SYNTHETIC: [Error, () => 'JavaScript Callstack'],
  ERR_TASK_MESSAGE: [TypeError, (what) => `A message to a task cannot hold ${what}`],
  ERR_TEST_FAILURE: [Error, (message) => message],
  ERR_TLS_ALPN_CALLBACK_INVALID_RESULT: [
    TypeError,
    (value, protocols) =>
      `ALPN callback returned a value (${value}) that did not match any of the client's offered protocols (${protocols.join(', ')})`,
  ],
  ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS: [
    TypeError,
    () => 'The ALPNCallback and ALPNProtocols TLS options are mutually exclusive',
  ],
  ERR_TLS_CERT_ALTNAME_FORMAT: [SyntaxError, () => 'Invalid subject alternative name string'],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    Error,
    (reason) => `Hostname/IP does not match certificate's altnames: ${reason}`,
  ],
  ERR_TLS_DH_PARAM_SIZE: [Error, (size) => `DH parameter size ${size} is less than minDHSize`],
  ERR_TLS_INVALID_CONTEXT: [
    TypeError,
    (name) => (name === undefined ? 'Invalid SNI context' : `${name} must be a SecureContext`),
  ],
  ERR_TLS_INVALID_PROTOCOL_METHOD: [TypeError, (reason) => reason],
  ERR_TLS_INVALID_PROTOCOL_VERSION: [
    TypeError,
    (version, kind) => `${JSON.stringify(version)} is not a valid ${kind} TLS protocol version`,
  ],
  ERR_TLS_INVALID_STATE: [Error, () => 'TLS socket connection must be securely established'],
  ERR_TLS_PSK_SET_IDENTITY_HINT_FAILED: [Error, () => 'Failed to set PSK identity hint'],
  ERR_TLS_PROTOCOL_VERSION_CONFLICT: [
    TypeError,
    (version, method) =>
      `TLS protocol version ${JSON.stringify(version)} conflicts with secureProtocol ${JSON.stringify(method)}`,
  ],
  ERR_TLS_RENEGOTIATION_DISABLED: [
    Error,
    () => 'TLS session renegotiation disabled for this socket',
  ],
  ERR_TLS_REQUIRED_SERVER_NAME: [
    Error,
    () => '"servername" is required parameter for Server.addContext',
  ],
  ERR_TLS_TICKET_KEYS: [Error, (where, reason) => `The ticket keys ${where} ${reason}`],
  ERR_TLS_SNI_FROM_SERVER: [Error, () => 'Cannot issue SNI from a TLS server-side socket'],
  ERR_UNAVAILABLE_DURING_EXIT: [Error, () => 'Cannot call function in process exit handler'],
  ERR_TRAILING_JUNK_AFTER_STREAM_END: [
    TypeError,
    () => 'Trailing junk found after the end of the compressed stream',
  ],
  ERR_UNCAUGHT_EXCEPTION_CAPTURE_ALREADY_SET: [
    Error,
    () =>
      '`process.setupUncaughtExceptionCapture()` was called while a capture callback was already active',
  ],
  ERR_UNESCAPED_CHARACTERS: [TypeError, (name) => `${name} contains unescaped characters`],
  ERR_UNHANDLED_ERROR: [Error, (value) => `Unhandled error. (${show(value)})`],
  ERR_UNHANDLED_REJECTION: [
    Error,
    (reason) =>
      'This error originated either by throwing inside of an async function without a catch ' +
      'block, or by rejecting a promise which was not handled with .catch(). The promise rejected ' +
      `with the reason "${reason !== null && typeof reason === 'object' ? show(reason) : String(reason)}".`,
  ],
  ERR_UNKNOWN_BUILTIN_MODULE: [Error, (name) => `No such built-in module: ${name}`],
  ERR_UNKNOWN_CREDENTIAL: [Error, (kind, name) => `${kind} identifier does not exist: ${name}`],
  ERR_UNKNOWN_ENCODING: [
    TypeError,
    (name) => `Unknown encoding: ${typeof name === 'string' ? name : show(name)}`,
  ],
  ERR_UNKNOWN_FILE_EXTENSION: [
    TypeError,
    (extension, file) => `Unknown file extension "${extension}" for ${file}`,
  ],
  ERR_UNKNOWN_MODULE_FORMAT: [
    RangeError,
    (format, url) => `Unknown module format: ${format} for URL ${url}`,
  ],
  ERR_UNKNOWN_OPTION: [
    TypeError,
    (name, better) =>
      `There is no option '${name}'${better === undefined ? '' : `; did you mean '${better}'?`}`,
  ],
  ERR_UNKNOWN_SIGNAL: [
    TypeError,
    (name) =>
      `Unknown signal: ${typeof name === 'object' && name !== null ? JSON.stringify(name) : String(name)}`,
  ],
  ERR_UNSUPPORTED_DIR_IMPORT: [
    Error,
    (path, base) =>
      `Directory import '${path}' is not supported resolving ES modules imported from ${base}`,
  ],
  ERR_UNSUPPORTED_RESOLVE_REQUEST: [
    TypeError,
    (specifier, from) =>
      from === undefined
        ? `Failed to resolve module specifier "${specifier}": a relative one needs the argument "base"`
        : `Failed to resolve module specifier "${specifier}" from "${from}": Invalid relative URL or base scheme is not hierarchical.`,
  ],
  ERR_UNSUPPORTED_ESM_URL_SCHEME: [
    Error,
    (scheme) =>
      `Only URLs with a scheme in: file, data, and node are supported by the default ESM loader. Received protocol '${scheme}:'`,
  ],
  ERR_USE_AFTER_CLOSE: [Error, (name) => `${name} was closed`],
  ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING: [
    TypeError,
    () => 'A dynamic import callback was not specified.',
  ],
  ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING_FLAG: [
    TypeError,
    () => 'A dynamic import callback was invoked without --experimental-vm-modules',
  ],
  ERR_TRACE_EVENTS_CATEGORY_REQUIRED: [TypeError, () => 'At least one category is required'],
  ERR_WEBASSEMBLY_RESPONSE: [TypeError, (why) => `WebAssembly response ${why}`],
  ERR_WORKER_HANDLE_NOT_TRANSFERABLE: [Error, (why) => `The handle cannot be transferred: ${why}`],
  ERR_WORKER_INVALID_EXEC_ARGV: [
    Error,
    (words) => `Initiated Worker with invalid execArgv flags: ${words.join(', ')}`,
  ],
  ERR_WORKER_MESSAGING_ERRORED: [
    Error,
    () => 'The destination thread threw an error while processing the message',
  ],
  ERR_WORKER_MESSAGING_FAILED: [Error, () => 'Cannot find the destination thread or listener'],
  ERR_WORKER_MESSAGING_SAME_THREAD: [Error, () => 'Cannot sent a message to the same thread'],
  ERR_WORKER_MESSAGING_TIMEOUT: [Error, () => 'Sending a message to another thread timed out'],
  ERR_WORKER_OUT_OF_MEMORY: [
    Error,
    (reason) => `Worker terminated due to reaching memory limit: ${reason.replace(/^Error: /, '')}`,
  ],
  ERR_WORKER_PATH: [
    TypeError,
    (name) =>
      'The worker script or module filename must be an absolute path or a relative path starting ' +
      `with './' or '../'.${name.startsWith('file:') ? ' Wrap file:// URLs with `new URL`.' : name.startsWith('data:') ? ' Wrap data: URLs with `new URL`.' : ''} Received "${name}"`,
  ],
  ERR_WORKER_UNSUPPORTED_OPERATION: [TypeError, (name) => `${name} is not supported in workers`],
  ERR_WRITE_LIMIT: [
    Error,
    (limit, queued, size) =>
      `A write of ${size} bytes does not fit: ${queued} of ${limit} bytes wait already`,
  ],
  ERR_WRITE_QUEUES_FULL: [
    Error,
    () =>
      'Too many bytes of the task, its group or the process wait to be written, and this connection has many of them',
  ],
  ERR_ZLIB_INITIALIZATION_FAILED: [Error, () => 'Initialization failed'],
  ERR_ZSTD_INVALID_PARAM: [RangeError, (key) => `${key} is not a valid zstd parameter`],
};

module.exports = table;
