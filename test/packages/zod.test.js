'use strict';
const assert = require('assert');
const { suite } = require('./harness');

const { load, test } = suite('zod');
const { z } = load('zod');

test('values are checked and coerced, and what is wrong is told', () => {
  const schema = z.object({
    mail: z.email(),
    port: z.coerce.number().int().min(3),
    kind: z.enum(['a', 'b']).optional(),
  });
  assert.deepStrictEqual(schema.parse({ mail: 'a@b.co', port: '5' }), { mail: 'a@b.co', port: 5 });
  const { success, error } = schema.safeParse({ mail: 'x', port: 1, kind: 'c' });
  assert.strictEqual(success, false);
  assert.deepStrictEqual(
    error.issues.map(({ path }) => path.join()),
    ['mail', 'port', 'kind'],
  );
});
