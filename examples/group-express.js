// An HTTP API of express on all cores: every task of the group has the application, and an
// http.Server that does not listen but serves the connections that the task gets.
//
//   npm i express
//   sluice examples/group-express.js          then: curl http://127.0.0.1:3000/items/7
//   sluice examples/group-express.js --demo   asks itself and ends
'use strict';
const http = require('http');
const net = require('net');
const socket = require('socket');
const express = require('express');

const demo = process.argv.includes('--demo');
const saddr = socket.sockaddr(socket.INADDR_LOOPBACK, demo ? 0 : 3000);

const app = express();
app.use(express.json());
app.get('/items/:id', (req, res) => {
  res.json({ id: Number(req.params.id), served: server.groupName.name });
});
app.post('/items', (req, res) => {
  res.status(201).json({ stored: req.body });
});
app.use((error, req, res, next) => {
  res.status(error.status ?? 500).json({ error: error.message });
  next();
});

const web = http.createServer(app);
const server = net.createServer('./group-express', 1, saddr);
server.on('connection', (connection) => web.emit('connection', connection));
server.on('stopping', () => web.close());
server.listen();

async function askAll(url) {
  const close = { Connection: 'close' };
  const json = { ...close, 'Content-Type': 'application/json' };
  for (const [path, options] of [
    ['/items/1', { headers: close }],
    ['/items/2', { headers: close }],
    ['/items', { method: 'POST', headers: json, body: '{"name":"x"}' }],
    ['/items', { method: 'POST', headers: json, body: '{"name"' }],
  ]) {
    const answer = await fetch(url + path, options);
    const { served, ...shown } = await answer.json();
    console.log(answer.status, JSON.stringify(shown), served ? 'by a task of the group' : '');
  }
}

if (server.isMaster() && demo)
  server.once('listening', async () => {
    await askAll(`http://127.0.0.1:${server.port()}`);
    server.close();
    web.close();
  });
