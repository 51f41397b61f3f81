// A store that clients speak to in lines, as many simple protocols have them:
//   PING text     → PONG text
//   SET key value → OK
//   GET key       → VALUE value, or NONE
//   DEL key       → OK, or NONE
// Any other line is answered by ERROR and the reason. Several lines may be sent at once. Prints
// "port N". cpp/line_protocol.cc is the same program in C++.
'use strict';
const net = require('net');

const MAX_LINE = 64 * 1024; // bytes

/** @type {Map<string, string>} */
const store = new Map();

/** Text up to the first space, and what follows the space. */
function cut(text) {
  const space = text.indexOf(' ');
  return space < 0 ? [text, ''] : [text.slice(0, space), text.slice(space + 1)];
}

function answer(line) {
  const [command, rest] = cut(line);
  switch (command) {
    case 'PING':
      return `PONG ${rest}\n`;
    case 'SET': {
      const [key, value] = cut(rest);
      store.set(key, value);
      return 'OK\n';
    }
    case 'GET': {
      const value = store.get(rest);
      return value === undefined ? 'NONE\n' : `VALUE ${value}\n`;
    }
    case 'DEL':
      return store.delete(rest) ? 'OK\n' : 'NONE\n';
    default:
      return `ERROR unknown command ${command}\n`;
  }
}

const server = net.createServer({ noDelay: true }, (client) => {
  let rest = ''; // of a line whose end did not come yet
  client.setEncoding('latin1'); // bytes stay as they are
  client.on('data', (data) => {
    const lines = (rest + data).split('\n');
    rest = lines.pop() ?? '';
    // Who sends no end of a line, or reads no answers, does not fill the memory.
    if (rest.length > MAX_LINE) {
      client.destroy();
      return;
    }
    if (lines.length === 0) return;
    const answers = lines.map((line) => answer(line.endsWith('\r') ? line.slice(0, -1) : line));
    if (!client.write(answers.join(''), 'latin1')) client.pause();
  });
  client.on('drain', () => client.resume());
  client.on('error', () => {});
});
server.listen(0, '127.0.0.1', () => {
  console.log(`port ${/** @type {net.AddressInfo} */ (server.address()).port}`);
});
