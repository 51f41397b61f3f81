'use strict';
const assert = require('assert');
const dns = require('dns');
const { suite } = require('./harness');

const { load, test } = suite('dns2');
const Dns = load('dns2');

test('its server answers by UDP and TCP to its clients and to dns', async (t) => {
  const { Packet } = Dns;
  const handle = (request, send) => {
    const response = Packet.createResponseFromRequest(request);
    const [{ name }] = request.questions;
    response.answers.push({
      name,
      type: Packet.TYPE.A,
      class: Packet.CLASS.IN,
      ttl: 300,
      address: '10.1.2.3',
    });
    send(response);
  };
  const server = Dns.createServer({ udp: true, tcp: true, handle });
  const any = { port: 0, address: '127.0.0.1' };
  await server.listen({ udp: any, tcp: any });
  t.after(() => server.close());
  const { udp, tcp } = server.addresses();
  const addresses = ({ answers }) => answers.map(({ address }) => address);
  const client = new Dns({ nameServers: ['127.0.0.1'], port: udp.port });
  assert.deepStrictEqual(addresses(await client.resolveA('a.test')), ['10.1.2.3']);
  const byTcp = Dns.TCPClient({ dns: '127.0.0.1', port: tcp.port });
  assert.deepStrictEqual(addresses(await byTcp('b.test')), ['10.1.2.3']);
  const resolver = new dns.promises.Resolver();
  resolver.setServers([`127.0.0.1:${udp.port}`]);
  assert.deepStrictEqual(await resolver.resolve4('c.test'), ['10.1.2.3']);
});
