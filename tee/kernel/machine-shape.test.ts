import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeReferenceValues, encodeReferenceValues } from '@tea/protocol';
import { machineReferenceValues, readShape } from './machine-shape.ts';
import { SHAPE } from './virtual-machine.ts';
import recorded from './shapes/qemu-q35.json' with { type: 'json' };

const shape = readShape(recorded);

/** MZ, PE, and one header without sections: enough to be measured. */
function binary(filling: number): Uint8Array {
  const bytes = new Uint8Array(0x400).fill(filling, 0x200);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x5a4d, true);
  view.setUint32(0x3c, 0x80, true);
  view.setUint32(0x80, 0x4550, true);
  view.setUint16(0x98, 0x20b, true);
  view.setUint32(0x98 + 60, 0x200, true);
  return bytes;
}

test('expects another machine when one byte of the image is another, in PCR 4 only', () => {
  const [one, other] = [machineReferenceValues(binary(1), shape), machineReferenceValues(binary(2), shape)];
  const different = one.events.flatMap(({ pcr, allowed }, place) =>
    allowed[0]?.digest.toHex() === other.events[place]?.allowed[0]?.digest.toHex() ? [] : [pcr],
  );
  assert.deepEqual(different, [4]);
});

test('expects every event of the shape in its place, and survives being written', () => {
  const values = machineReferenceValues(binary(1), shape);
  assert.equal(values.mode, 'machine');
  assert.equal(values.events.length, shape.events.length);
  assert.deepEqual(decodeReferenceValues(encodeReferenceValues(values)), values);
});

test('has the image in exactly one place, and nothing in PCR 9, where a handed-over initrd would be measured', () => {
  assert.deepEqual(
    shape.events.filter(({ digest }) => digest === 'image').map(({ pcr }) => pcr),
    [4],
  );
  assert.equal(
    shape.events.some(({ pcr }) => pcr === 9),
    false,
  );
});

test('is of the machine that is started', () => {
  assert.deepEqual({ memoryMiB: shape.memoryMiB, processors: shape.processors }, SHAPE);
});
