// A page of twelve bytes by http. Runs on every runtime that has the module.
const http = require('http');
const server = http.createServer((request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': 12 });
  response.end('hello, world');
});
server.listen(0, '127.0.0.1', () => console.log(`port ${server.address().port}`));
