'use strict';
// Asks running programs over their control sockets: lines of JSON (src/control/requests.h).
const fs = require('fs');
const net = require('net');
const path = require('path');
const { StringDecoder } = require('string_decoder');

const PROTOCOL = 1; // kProtocol in src/control/requests.h
const PATIENCE_MS = 3000; // a thread of the program's answers, whatever its tasks do

/** What went wrong while a program was asked. */
class ControlError extends Error {
  constructor(message, code) {
    super(message);
    this.code = code;
  }
}

/** A connection to a program. */
class Client {
  #socket;
  #waiting = []; // requests, in their order: {onPart, resolve, reject}
  #rest = '';
  #error; // why nothing can be asked any more

  constructor(socket) {
    this.#socket = socket;
    const decoder = new StringDecoder();
    socket.on('data', (chunk) => this.#onText(decoder.write(chunk)));
    socket.on('error', () => {});
    socket.on('close', () => this.#fail('the program ended', 'ERR_CONTROL_CLOSED'));
  }

  /**
   * Opens one, to a program that answers.
   * @param {string} file the socket's path
   * @returns {Promise<Client>}
   */
  static async open(file) {
    const socket = net.connect(file);
    await new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('connect', resolve);
    });
    const client = new Client(socket);
    const timer = setTimeout(
      () => client.#fail('it does not answer; its process may be stopped', 'ERR_CONTROL_TIMEOUT'),
      PATIENCE_MS,
    );
    await client.ask('info').finally(() => clearTimeout(timer));
    return client;
  }

  /**
   * Sends a request.
   * @param {string} method
   * @param {object} [params]
   * @param {(list: object[]) => void} [onPart] is given what comes before the result
   * @returns {Promise<object>} the result
   */
  ask(method, params = {}, onPart = () => {}) {
    return new Promise((resolve, reject) => {
      if (this.#error) throw this.#error;
      this.#waiting.push({ onPart, resolve, reject });
      this.#socket.write(`${JSON.stringify({ id: '1', method, params })}\n`);
    });
  }

  close() {
    this.#socket.end();
  }

  #onText(text) {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop();
    for (const line of lines) this.#onLine(line);
  }

  #onLine(line) {
    let answer;
    try {
      answer = JSON.parse(line);
    } catch {
      // It is none, as of what is no object.
    }
    const { v, part, result, error } = Object(answer);
    if (v !== PROTOCOL) {
      const what =
        v === undefined
          ? 'what listens there is no program of sluice'
          : `it speaks version ${v} of the protocol, not ${PROTOCOL}`;
      this.#fail(what, 'ERR_CONTROL_PROTOCOL');
      return;
    }
    const [first] = this.#waiting;
    if (first === undefined) return;
    if (part !== undefined) {
      first.onPart(part);
      return;
    }
    this.#waiting.shift();
    if (error) first.reject(new ControlError(error.message, error.code));
    else first.resolve(result);
  }

  #fail(message, code) {
    this.#error ??= new ControlError(message, code);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#error);
    this.#socket.destroy();
  }
}

/** Whether a process is there. */
function lives(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** The sockets of this user's programs: {pid, file}. Those of programs that ended are removed. */
function programs() {
  const folder = binding('runtime').controlFolder();
  let names;
  try {
    names = fs.readdirSync(folder);
  } catch {
    return [];
  }
  const found = [];
  for (const name of names) {
    const pid = Number(/^(\d+)\.sock$/.exec(name)?.[1]);
    if (!pid) continue;
    const file = path.join(folder, name);
    if (lives(pid)) found.push({ pid, file });
    else fs.rmSync(file, { force: true });
  }
  return found.sort((a, b) => a.pid - b.pid);
}

/** Opens the program that an argument names: a process id, or the path of a socket. */
async function openNamed(name) {
  const file = name.includes('/')
    ? name
    : path.join(binding('runtime').controlFolder(), `${name}.sock`);
  try {
    return await Client.open(file);
  } catch (error) {
    const why = error.code === 'ENOENT' ? 'no program listens there' : error.message;
    const code = error instanceof ControlError ? error.code : 'ERR_CONTROL_OPEN';
    throw new ControlError(`cannot ask ${name} at ${file}: ${why}`, code);
  }
}

module.exports = { Client, ControlError, programs, openNamed };
