// A program in the syntax of CommonJS.
import net = require('net');
import nodeNet = require('node:net');
import iosched = require('iosched');
import socket = require('socket');

const server: nodeNet.Server = net.createServer((connection) => connection.on('data', () => {}));
server.on('error', (error: NodeJS.ErrnoException) => console.error(error.code));
const one: net.Socket = new nodeNet.Socket();
one.on('data', (data) => data.length).on('end', () => one.destroy());
const timer: NodeJS.Timeout = setTimeout(() => {}, 1);
clearTimeout(timer);
console.log(typeof iosched, typeof socket, Buffer.from('x').toString('hex'));
const response: Promise<Response> = fetch('http://127.0.0.1');
response.then((one) => one.text());
import http = require('node:http');
import tls = require('tls');
const web: http.Server = http.createServer((request, answer) => answer.end(request.url));
web.on('request', (request) => request.method).on('connection', (connection) => connection.end());
web.on('upgrade', (request, connection) => connection.destroy()).once('listening', () => {});
const safe: tls.Server = tls.createServer({}, (connection) => connection.getProtocol());
safe.on('secureConnection', (connection) => connection.end());
safe.on('tlsClientError', (error) => error.message).on('starved', (error) => error.code);
server.on('connection', (connection) => connection.remoteAddress).once('close', () => {});
