import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { answeredId } from './request-frame.ts';

test('finds the id of any answer, and none in a notification, however the chain writes its frames', () => {
  const id = fc.oneof(fc.string({ maxLength: 300 }), fc.nat(), fc.constant(null));
  fc.assert(
    fc.property(id, fc.jsonValue(), (id, result) => {
      assert.equal(answeredId(JSON.stringify({ jsonrpc: '2.0', id, result })), id);
      assert.equal(answeredId(JSON.stringify({ result, id, jsonrpc: '2.0' })), id);
      assert.equal(answeredId(JSON.stringify({ jsonrpc: '2.0', method: 'id', params: { result, id } })), undefined);
    }),
  );
});
