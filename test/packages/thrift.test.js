'use strict';
const assert = require('assert');
const { once } = require('events');
const { suite } = require('./harness');
const { stub } = require('./stubs');

const { load, test } = suite('thrift');
const thrift = load('thrift');

const [CALL, REPLY, STRING] = [1, 2, 11];

function write(transport, kind, number, name, field, text) {
  const protocol = new thrift.TBinaryProtocol(transport);
  protocol.writeMessageBegin('echo', kind, number);
  protocol.writeStructBegin(name);
  protocol.writeFieldBegin(name, STRING, field);
  protocol.writeString(text);
  protocol.writeFieldEnd();
  protocol.writeFieldStop();
  protocol.writeStructEnd();
  protocol.writeMessageEnd();
  transport.flush();
}

function readString(protocol) {
  protocol.readStructBegin();
  protocol.readFieldBegin();
  return protocol.readString();
}

const receive = thrift.TFramedTransport.receiver;

// What the compiler makes of a service with one function.
class EchoClient {
  constructor(output) {
    this.output = output;
    this._reqs = {};
  }
  recv_echo(protocol, type, number) {
    this._reqs[number](readString(protocol));
  }
}

test('calls in a pipeline are answered in frames', async (t) => {
  const port = await stub(t, (socket) =>
    socket.on(
      'data',
      receive((transport) => {
        const protocol = new thrift.TBinaryProtocol(transport);
        const { rseqid } = protocol.readMessageBegin();
        const text = readString(protocol);
        const output = new thrift.TFramedTransport(undefined, (bytes) => socket.write(bytes));
        write(output, REPLY, rseqid, 'success', 0, `re ${text}`);
      }),
    ),
  );
  const options = { transport: thrift.TFramedTransport, protocol: thrift.TBinaryProtocol };
  const connection = thrift.createConnection('127.0.0.1', port, options);
  t.after(() => connection.destroy());
  await once(connection, 'connect');
  const client = thrift.createClient(EchoClient, connection);
  const all = Array.from(
    { length: 100 },
    (_, number) =>
      new Promise((resolve) => {
        client._reqs[number + 1] = resolve;
        write(client.output, CALL, number + 1, 'text', 1, `text ${number}`);
      }),
  );
  assert.deepStrictEqual(
    await Promise.all(all),
    Array.from({ length: 100 }, (_, i) => `re text ${i}`),
  );
});

test('a port that refuses is an error', async () => {
  const connection = thrift.createConnection('127.0.0.1', 1, {});
  assert.strictEqual((await once(connection, 'error'))[0].code, 'ECONNREFUSED');
});
