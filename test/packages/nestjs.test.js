'use strict';
const assert = require('assert');
const { suite } = require('./harness');
const { freePort } = require('./server');

const { load, test } = suite('@nestjs/microservices', [], [], ['@nestjs/core']);
load('reflect-metadata');
const { NestFactory } = load('@nestjs/core');
const { Controller, Module } = load('@nestjs/common');
const { ClientProxyFactory, EventPattern, MessagePattern, Transport } =
  load('@nestjs/microservices');
const { firstValueFrom } = load('rxjs');

let heard;
class Calculator {
  sum(numbers) {
    return numbers.reduce((a, b) => a + b);
  }
  async bad() {
    throw new Error('mine');
  }
  news(data) {
    heard(data);
  }
}
// What decorators do, which need a compiler.
const decorate = (name, decorator) =>
  Reflect.decorate(
    [decorator],
    Calculator.prototype,
    name,
    Object.getOwnPropertyDescriptor(Calculator.prototype, name),
  );
decorate('sum', MessagePattern('sum'));
decorate('bad', MessagePattern('bad'));
decorate('news', EventPattern('news'));
Controller()(Calculator);
class Root {}
Module({ controllers: [Calculator] })(Root);

test('messages over TCP are answered, errors and events told', async (t) => {
  const options = { host: '127.0.0.1', port: await freePort() };
  const app = await NestFactory.createMicroservice(Root, {
    transport: Transport.TCP,
    options,
    logger: false,
  });
  await app.listen();
  t.after(() => app.close());
  const client = ClientProxyFactory.create({ transport: Transport.TCP, options });
  t.after(() => client.close());
  const numbers = Array.from({ length: 1000 }, (_, i) => i);
  const all = Array.from({ length: 50 }, () => firstValueFrom(client.send('sum', numbers)));
  assert.deepStrictEqual(new Set(await Promise.all(all)), new Set([499500]));
  await assert.rejects(
    firstValueFrom(client.send('bad', {})),
    ({ message, status }) => `${message ?? status}` !== '',
  );
  const told = new Promise((resolve) => {
    heard = resolve;
  });
  client.emit('news', { a: 1 }).subscribe();
  assert.deepStrictEqual(await told, { a: 1 });
});
