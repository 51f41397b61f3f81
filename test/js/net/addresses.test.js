'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const { inspect } = require('util');
const { BlockList, SocketAddress } = require('net');

test('SocketAddress has the documented defaults', () => {
  assert.deepStrictEqual(new SocketAddress().toJSON(), {
    address: '127.0.0.1',
    port: 0,
    family: 'ipv4',
    flowlabel: 0,
  });
  const six = new SocketAddress({ family: 'ipv6' });
  assert.deepStrictEqual([six.address, six.port, six.family, six.flowlabel], ['::', 0, 'ipv6', 0]);
});

test('SocketAddress keeps what it is given', () => {
  const one = new SocketAddress({ address: '::1', family: 'IPv6', port: 80, flowlabel: 7 });
  assert.deepStrictEqual(
    [one.address, one.family, one.port, one.flowlabel],
    ['::1', 'ipv6', 80, 7],
  );
  assert.ok(inspect(one).startsWith('SocketAddress {'));
  assert.strictEqual(SocketAddress.isSocketAddress(one), true);
  for (const value of [null, undefined, {}, '::1'])
    assert.strictEqual(SocketAddress.isSocketAddress(value), false);
});

test('SocketAddress.parse reads addresses with and without a port', () => {
  const parts = (input) => {
    const one = SocketAddress.parse(input);
    return one && [one.address, one.port, one.family];
  };
  assert.deepStrictEqual(parts('1.2.3.4'), ['1.2.3.4', 0, 'ipv4']);
  assert.deepStrictEqual(parts('192.168.2.1:1234'), ['192.168.2.1', 1234, 'ipv4']);
  assert.deepStrictEqual(parts('1.2.3.4:80'), ['1.2.3.4', 80, 'ipv4']);
  assert.deepStrictEqual(parts('[::1]'), ['::1', 0, 'ipv6']);
  assert.deepStrictEqual(parts('[::1]:1234'), ['::1', 1234, 'ipv6']);
  assert.deepStrictEqual(parts('[::1]:80'), ['::1', 80, 'ipv6']);
  for (const input of [
    '',
    'x',
    'localhost:80',
    '1.2.3.4:65536',
    '1.2.3.4:-1',
    '::1',
    '[::1',
    '1.2.3.4:x',
  ])
    assert.strictEqual(parts(input), undefined, input);
});

test('SocketAddress refuses what is no address', () => {
  const cases = [
    [5, 'ERR_INVALID_ARG_TYPE', 'options'],
    [{ family: 'x' }, 'ERR_INVALID_ARG_VALUE', 'options.family'],
    [{ family: 4 }, 'ERR_INVALID_ARG_VALUE', 'options.family'],
    [{ address: 5 }, 'ERR_INVALID_ARG_TYPE', 'options.address'],
    [{ address: '1.2.3' }, 'ERR_INVALID_ADDRESS', 'address'],
    [{ address: '::1' }, 'ERR_INVALID_ADDRESS', 'address'],
    [{ port: 65536 }, 'ERR_SOCKET_BAD_PORT', 'options.port'],
    [{ port: -1 }, 'ERR_SOCKET_BAD_PORT', 'options.port'],
    [{ flowlabel: -1 }, 'ERR_OUT_OF_RANGE', 'options.flowlabel'],
    [{ flowlabel: 'x' }, 'ERR_INVALID_ARG_TYPE', 'options.flowlabel'],
  ];
  for (const [options, code, text] of cases)
    assert.throws(
      () => new SocketAddress(options),
      (error) => {
        assert.strictEqual(error.code, code);
        assert.ok(error.message.includes(text), error.message);
        return true;
      },
    );
});

test('BlockList checks addresses, ranges and subnets of both families', () => {
  const list = new BlockList();
  list.addAddress('123.123.123.123');
  list.addRange('10.0.0.1', '10.0.0.10');
  list.addSubnet('8592:757c:efae:4e45::', 64, 'ipv6');
  assert.strictEqual(list.check('123.123.123.123'), true);
  assert.strictEqual(list.check('123.123.123.124'), false);
  assert.strictEqual(list.check('10.0.0.3'), true);
  assert.strictEqual(list.check('10.0.0.1') && list.check('10.0.0.10'), true);
  assert.strictEqual(list.check('10.0.0.0') || list.check('10.0.0.11'), false);
  assert.strictEqual(list.check('222.111.111.222'), false);
  assert.strictEqual(list.check('::ffff:7b7b:7b7b', 'ipv6'), true);
  assert.strictEqual(list.check('::ffff:123.123.123.123', 'ipv6'), true);
  assert.strictEqual(list.check('8592:757c:efae:4e45::1', 'ipv6'), true);
  assert.strictEqual(list.check('8592:757c:efae:4e46::1', 'ipv6'), false);
  assert.strictEqual(list.check('10.0.0.3', 'ipv6'), false);
  assert.strictEqual(list.check('no address'), false);
  assert.strictEqual(list.check(new SocketAddress({ address: '10.0.0.3' })), true);
});

test('BlockList subnets of every width', () => {
  for (const [prefix, inside, outside] of [
    [0, '255.255.255.255', null],
    [1, '127.255.255.255', '128.0.0.0'],
    [31, '10.0.0.1', '10.0.0.2'],
    [32, '10.0.0.0', '10.0.0.1'],
  ]) {
    const list = new BlockList();
    list.addSubnet('10.0.0.0', prefix);
    assert.strictEqual(list.check(inside), true, `${prefix}`);
    if (outside) assert.strictEqual(list.check(outside), false, `${prefix}`);
  }
  const all = new BlockList();
  all.addSubnet('::', 0, 'ipv6');
  assert.strictEqual(all.check('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'ipv6'), true);
});

test('BlockList rules are listed newest first, and fromJSON takes them back', () => {
  const list = new BlockList();
  list.addAddress('127.0.0.1');
  list.addRange('10.0.0.1', '10.0.0.10');
  list.addSubnet('2001:db8::', 32, 'ipv6');
  const rules = [
    'Subnet: IPv6 2001:db8::/32',
    'Range: IPv4 10.0.0.1-10.0.0.10',
    'Address: IPv4 127.0.0.1',
  ];
  assert.deepStrictEqual(list.rules, rules);
  assert.deepStrictEqual(list.toJSON(), rules);
  const copy = new BlockList();
  copy.fromJSON(JSON.stringify(list));
  assert.deepStrictEqual([...copy.rules].sort(), [...rules].sort());
  assert.strictEqual(copy.check('10.0.0.5'), true);
  assert.throws(() => copy.fromJSON(['nonsense']), { code: 'ERR_INVALID_ARG_VALUE' });
  assert.throws(() => copy.fromJSON(5), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.strictEqual(BlockList.isBlockList(copy), true);
  assert.strictEqual(BlockList.isBlockList({}), false);
});

test('BlockList refuses what makes no rule', () => {
  const list = new BlockList();
  const cases = [
    [() => list.addAddress(5), 'ERR_INVALID_ARG_TYPE', 'address'],
    [() => list.addAddress('x'), 'ERR_INVALID_ADDRESS', ''],
    [() => list.addAddress('::1'), 'ERR_INVALID_ADDRESS', ''],
    [() => list.addAddress('1.1.1.1', 5), 'ERR_INVALID_ARG_TYPE', 'family'],
    [() => list.addAddress('1.1.1.1', 'x'), 'ERR_INVALID_ARG_VALUE', 'family'],
    [() => list.addRange('1.1.1.2', '1.1.1.1'), 'ERR_INVALID_ARG_VALUE', 'start'],
    [() => list.addRange('1.1.1.1', 5), 'ERR_INVALID_ARG_TYPE', 'end'],
    [() => list.addSubnet('1.1.1.1', 33), 'ERR_OUT_OF_RANGE', 'prefix'],
    [() => list.addSubnet('1.1.1.1', -1), 'ERR_OUT_OF_RANGE', 'prefix'],
    [() => list.addSubnet('1.1.1.1', '8'), 'ERR_INVALID_ARG_TYPE', 'prefix'],
    [() => list.addSubnet('::', 129, 'ipv6'), 'ERR_OUT_OF_RANGE', 'prefix'],
    [() => list.check(5), 'ERR_INVALID_ARG_TYPE', 'address'],
  ];
  for (const [call, code, text] of cases)
    assert.throws(call, (error) => {
      assert.strictEqual(error.code, code, error.message);
      assert.ok(error.message.includes(text), error.message);
      return true;
    });
  assert.deepStrictEqual(list.rules, []);
});

test('a block list of thousands of rules says the same as a walk through them', () => {
  const list = new BlockList();
  const blocked = new Uint8Array(65536); // the last two bytes of 10.0.x.y
  const text = (number) => `10.0.${number >> 8}.${number & 255}`;
  let state = 1;
  const below = (most) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) % most;
  };
  const agree = () => {
    for (let i = 0; i < 50; i++) {
      const number = below(65536);
      assert.strictEqual(list.check(text(number)), blocked[number] === 1, text(number));
    }
  };
  for (let i = 0; i < 2000; i++) {
    const first = below(65536);
    const last = Math.min(65535, first + below(4) * below(8));
    if (i % 3 === 0) {
      list.addAddress(text(first));
      blocked[first] = 1;
    } else {
      list.addRange(text(first), text(last));
      blocked.fill(1, first, last + 1);
    }
    if (i % 10 === 0) agree();
  }
  agree();
  assert.strictEqual(list.check('11.0.0.0'), false);
  assert.strictEqual(list.check('::ffff:10.0.0.1', 'ipv6'), blocked[1] === 1);
  assert.strictEqual(list.rules.length, list.size);
});

test('rules of a BlockList are added by CIDR and in numbers, and removed again', () => {
  const list = new BlockList();
  list.addAddresses(['192.0.2.1', '192.0.2.2']);
  list.addAddress('192.0.2.1');
  list.addCIDR('10.0.0.0/8');
  list.addCIDRs(['2001:db8::/32', '172.16.0.0/12']);
  list.addRange('198.51.100.1', '198.51.100.9');
  assert.strictEqual(list.size, 6);
  assert.ok(list.check('2001:db8::5', 'ipv6') && list.check('172.31.0.1'));
  list.removeAddress('192.0.2.1');
  list.removeAddress('192.0.2.99');
  list.removeCIDR('10.0.0.0/8');
  list.removeSubnet('172.16.0.0', 12);
  list.removeRange('198.51.100.1', '198.51.100.9');
  assert.deepStrictEqual(list.rules.sort(), [
    'Address: IPv4 192.0.2.2',
    'Subnet: IPv6 2001:db8::/32',
  ]);
  assert.throws(() => list.addAddresses(['192.0.2.7', 'x']), { code: 'ERR_INVALID_ADDRESS' });
  assert.throws(() => list.addCIDRs(['12.0.0.0/8', 'x']), { code: 'ERR_INVALID_ARG_VALUE' });
  assert.throws(() => list.addCIDR('10.0.0.0/99'), { code: 'ERR_OUT_OF_RANGE' });
  assert.strictEqual(list.size, 2);
  list.clear();
  assert.deepStrictEqual(list.rules, []);
  list.addCIDRs(BlockList.PRIVATE_RANGES);
  assert.ok(list.check('192.168.1.1') && !list.check('1.1.1.1'));
});
