'use strict';
const assert = require('assert');
const { suite } = require('./harness');

const { load, test } = suite('protobufjs');
const protobuf = load('protobufjs');

test('messages of all kinds are encoded and decoded', () => {
  const { root } = protobuf.parse(`syntax = "proto3"; message M { string a = 1; int64 b = 2;
    repeated int32 c = 3; map<string, bytes> d = 4; oneof o { double x = 5; bool y = 6; } }`);
  const Message = root.lookupType('M');
  const value = { a: '\u20ac', b: '9007199254740993', c: [1, -2], d: { k: 'dg==' }, x: 1.5 };
  const bytes = Message.encode(Message.fromObject(value)).finish();
  const options = { longs: String, bytes: String };
  assert.deepStrictEqual(Message.toObject(Message.decode(bytes), options), value);
  assert.throws(() => Message.decode(bytes.subarray(0, 1)), RangeError);
});
