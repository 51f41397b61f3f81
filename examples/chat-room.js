// A chat room over three tasks. Each task talks to the clients that it got; what one of them says
// goes to the other tasks as a message.
//
//   sluice examples/chat-room.js          then, twice: nc 127.0.0.1 3000
//   sluice examples/chat-room.js --demo   has three guests talk, and ends
'use strict';
const net = require('net');
const socket = require('socket');

const demo = process.argv.includes('--demo');
const saddr = socket.sockaddr(socket.INADDR_LOOPBACK, demo ? 0 : 3000);
const server = net.createServer('./chat-room', 2, saddr);
const guests = new Set();

function tell(text, except) {
  for (const guest of guests) if (guest !== except) guest.write(text);
}

server.on('connection', (guest) => {
  guests.add(guest);
  guest.on('close', () => guests.delete(guest));
  guest.write(`welcome, guest ${guest.id} of ${server.groupName.name}\n`);
  guest.on('data', (line) => {
    const text = `guest ${guest.id}: ${line}`;
    tell(text, guest);
    for (const id of Task.list(true)) Task.send(id, text);
  });
});
Task.on('message', (text) => tell(text));
server.listen();

if (server.isMaster() && demo) {
  server.once('listening', () => {
    const clients = [];
    let welcomed = 0;
    let heard = 0;
    for (let i = 0; i < 3; i++) {
      const client = net.connect(server.port(), '127.0.0.1');
      clients.push(client);
      client.on('data', (data) => {
        process.stdout.write(data);
        if (String(data).includes('welcome') && ++welcomed === 3)
          clients[0].write('is anybody here?\n');
        if (String(data).includes('anybody') && ++heard === 2) {
          for (const one of clients) one.end();
          server.close(() => console.log('closed'));
        }
      });
    }
  });
}
