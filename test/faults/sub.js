'use strict';
// A sub of a group whose connections echo.
const server = require('net').createSubServer('faulty');
server.on('connection', (socket) => socket.on('error', () => {}).pipe(socket));
server.listen();
