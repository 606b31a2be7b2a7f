import assert from 'node:assert/strict';
import { createDecipheriv, createHash, hkdfSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { fromHex, isTeaError, toHex } from '@tea/protocol';
import { formatContentKey, openBytes, parseContentKey, sealBytes } from '@tea/protocol/sealed';
import { makeVectors, patternBytes, VECTORS_FILE, type Vectors } from './make-vectors.ts';

const vectors = JSON.parse(await readFile(VECTORS_FILE, 'utf8')) as Vectors;

/** A second reading of docs/sealed-content.md, on node:crypto, that shares no line with the first. */
function openByTheBook(sealed: Buffer, key: Buffer): Buffer {
  const salt = sealed.subarray(12, 44);
  const info = Buffer.concat([Buffer.from('TEA sealed content\0'), Buffer.from('5445415345414c', 'hex'), Buffer.from('0100010000', 'hex')]);
  const derived = Buffer.from(hkdfSync('sha256', key, salt, info, 64));
  assert.deepEqual(sealed.subarray(44, 76), derived.subarray(32), 'commitment');
  const plain: Buffer[] = [];
  for (let offset = 76, chunk = 0; offset < sealed.length; offset += 65_552, chunk++) {
    const end = Math.min(offset + 65_552, sealed.length);
    const nonce = Buffer.alloc(12);
    nonce.writeUInt32BE(chunk, 7);
    nonce[11] = end === sealed.length ? 1 : 0;
    const decipher = createDecipheriv('aes-256-gcm', derived.subarray(0, 32), nonce).setAuthTag(sealed.subarray(end - 16, end));
    plain.push(decipher.update(sealed.subarray(offset, end - 16)), decipher.final());
  }
  return Buffer.concat(plain);
}

describe('the committed vectors of sealed content', () => {
  test('are what the committed script makes', async () => assert.deepEqual(await makeVectors(), vectors));

  for (const vector of vectors.refused) {
    test(`refuses with ${vector.error}: ${vector.name}`, async () => {
      assert.notEqual(vector.error, 'none');
      await assert.rejects(openBytes(fromHex(vector.sealed), fromHex(vector.key)), (error) => isTeaError(error) && error.code === vector.error);
    });
  }

  for (const vector of vectors.sealed) {
    test(`seals and opens ${vector.name}, and so does a second implementation`, async () => {
      const plain = patternBytes(vector.plainBytes);
      const sealed = await sealBytes(plain, fromHex(vector.key), { random: () => fromHex(vector.salt) });
      assert.equal(toHex(sealed.subarray(0, 76)), vector.header);
      assert.equal(createHash('sha256').update(sealed).digest('hex'), vector.sealedSha256);
      if (vector.sealed !== undefined) assert.equal(toHex(sealed), vector.sealed);
      assert.deepEqual(openByTheBook(Buffer.from(sealed), Buffer.from(vector.key, 'hex')), Buffer.from(plain));
      assert.deepEqual(await openBytes(sealed, fromHex(vector.key)), plain);
    });
  }

  for (const { key, printed } of vectors.keys) {
    test(`prints and reads ${printed.slice(0, 19)}…`, () => {
      assert.equal(formatContentKey(fromHex(key)), printed);
      assert.equal(toHex(parseContentKey(printed)), key);
    });
  }
});
