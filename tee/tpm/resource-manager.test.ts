import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { temporaryDirectory } from '@tea/platform';
import { isTeaError, sha256 } from '@tea/protocol';
import { encodeTpm, pcrDigest, policyPcrDigest, publicKeyFromPublicArea, TPM_CC, UINT32 } from '@tea/protocol/tpm';
import fc from 'fast-check';
import { password } from './authorization.ts';
import { ContextLoad, ContextSave, FlushContext, GetRandom } from './commands/general.ts';
import { EcdhZGen } from './commands/cryptography.ts';
import { Create, CreatePrimary, Load, ReadPublic } from './commands/objects.ts';
import { PolicyCommandCode, PolicyGetDigest } from './commands/sessions.ts';
import { TPM_COMMANDS } from './commands/table.ts';
import { listHandles } from './endorsement.ts';
import { encodeCommand } from './frame.ts';
import { creationParameters, sealingKey, STORAGE_KEY } from './key-templates.ts';
import { readPcrs, sha256Pcrs } from './pcrs.ts';
import { openResourceManager, type ResourceManager } from './resource-manager.ts';
import { pcrPolicySession, startPolicySession } from './session.ts';
import { createSlots } from './slots.ts';
import { startTestTpm, type TestTpm } from './test-swtpm.ts';
import { createTpm, type Tpm, TPM_RH, type TpmTurn } from './tpm.ts';
import type { TpmTransport } from './transport.ts';

const refusedWith = (response: string) => (error: unknown) => isTeaError(error, 'tpm') && error.details['response'] === response;
const PCRS = [0, 12];
const OWNER = { primaryHandle: TPM_RH.owner };
const NONE = new Uint8Array(0);

async function storageKey(turn: TpmTurn): Promise<{ handle: number; name: Uint8Array }> {
  const made = await turn.run(CreatePrimary, { primaryHandle: TPM_RH.owner }, creationParameters(STORAGE_KEY), [password()]);
  return { handle: made.objectHandle, name: made.name };
}

/** A P-256 key that only a session over today's PCRs may use, left loaded. */
async function boundKey(turn: TpmTurn): Promise<{ handle: number; publicArea: Uint8Array }> {
  const values = await readPcrs(turn, PCRS);
  const template = sealingKey(policyPcrDigest(sha256Pcrs(PCRS), pcrDigest(values.map(({ digest }) => digest))));
  const parentHandle = await storageKey(turn);
  turn.flushAfter(parentHandle.handle);
  const made = await turn.run(Create, { parentHandle }, creationParameters(template), [password()]);
  const { objectHandle } = await turn.run(Load, { parentHandle }, { inPrivate: made.outPrivate, inPublic: made.outPublic }, [password()]);
  return { handle: objectHandle, publicArea: made.outPublic };
}

async function agree(turn: TpmTurn, key: { handle: number; publicArea: Uint8Array }): Promise<void> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
  const theirs = await crypto.subtle.importKey('jwk', publicKeyFromPublicArea(key.publicArea).jwk, { name: 'ECDH', namedCurve: 'P-256' }, false, []);
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const session = await pcrPolicySession(turn, sha256Pcrs(PCRS));
  const { outPoint } = await turn.run(EcdhZGen, { keyHandle: key.handle }, { inPoint: { x: point.slice(1, 33), y: point.slice(33) } }, [session]);
  assert.deepEqual(outPoint.x, new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, pair.privateKey, 256)));
}

/** A session that its caller keeps after the turn. */
async function keptSession(turn: TpmTurn): Promise<number> {
  const session = await startPolicySession(turn);
  session.accept({ code: 0, parameters: NONE }, { nonce: NONE, attributes: 0, hmac: NONE });
  return session.handle;
}

const policyOf = async (tpm: Tpm, policySession: number): Promise<Uint8Array> =>
  (await tpm.turn((turn) => turn.run(PolicyGetDigest, { policySession }, {}))).policyDigest;
const random = (tpm: Tpm): Promise<unknown> => tpm.turn((turn) => turn.run(GetRandom, {}, { bytesRequested: 8 }));

describe('callers of one TPM with three slots', { timeout: 120_000 }, () => {
  let simulator: TestTpm;
  let manager: ResourceManager;
  before(async () => {
    simulator = await startTestTpm();
    manager = await openResourceManager({ connect: () => simulator.connect() });
  });
  after(async () => {
    await manager[Symbol.asyncDispose]();
    await simulator[Symbol.asyncDispose]();
  });
  const caller = (): Tpm => createTpm(manager.open());

  it('are fifty at once, each with two keys and a session open, and each computes with its own', async () => {
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        await using tpm = caller();
        const { session, first, second } = await tpm.turn(async (turn) => {
          const policySession = await keptSession(turn);
          await turn.run(PolicyCommandCode, { policySession }, { code: codeOf(index) });
          return { session: policySession, first: await boundKey(turn), second: await boundKey(turn) };
        });
        for (let round = 0; round < 3; round++) {
          await tpm.turn((turn) => agree(turn, first));
          await tpm.turn((turn) => agree(turn, second));
          assert.deepEqual(await policyOf(tpm, session), policyOfCommand(codeOf(index)));
        }
      }),
    );
  });

  it('see their own handles and can neither use nor flush those of others', async () => {
    await using one = caller();
    await using other = caller();
    const [key, session] = await one.turn(async (turn) => [(await storageKey(turn)).handle, await keptSession(turn)] as const);
    assert.deepEqual(await one.turn((turn) => listHandles(turn, 0x80000000)), [key]);
    assert.deepEqual(await one.turn((turn) => listHandles(turn, 0x02000000)), [session]);
    assert.deepEqual(await other.turn((turn) => listHandles(turn, 0x80000000)), []);
    assert.deepEqual(await other.turn((turn) => listHandles(turn, 0x02000000)), []);
    await assert.rejects(
      other.turn((turn) => turn.run(ReadPublic, { objectHandle: key }, {})),
      refusedWith('TPM_RC_REFERENCE_H0'),
    );
    await assert.rejects(policyOf(other, session), refusedWith('TPM_RC_REFERENCE_H0'));
    for (const flushHandle of [key, session, 0x80000000]) {
      await assert.rejects(
        other.turn((turn) => turn.run(FlushContext, {}, { flushHandle })),
        refusedWith('TPM_RC_HANDLE'),
      );
    }
    assert.equal((await policyOf(one, session)).length, 32);
  });

  it('may save and load contexts themselves, but not take a session from another', async () => {
    await using one = caller();
    await using other = caller();
    const [key, session] = await one.turn(async (turn) => [await storageKey(turn), await keptSession(turn)] as const);
    const save = async (saveHandle: number): Promise<Uint8Array> => (await one.turn((turn) => turn.run(ContextSave, { saveHandle }, {}))).context;
    const load = async (tpm: Tpm, context: Uint8Array): Promise<number> =>
      (await tpm.turn((turn) => turn.run(ContextLoad, {}, { context }))).loadedHandle;

    const again = await load(one, await save(key.handle));
    assert.notEqual(again, key.handle);
    assert.deepEqual((await one.turn((turn) => turn.run(ReadPublic, { objectHandle: again }, {}))).name, key.name);

    const context = await save(session);
    await assert.rejects(policyOf(one, session), refusedWith('TPM_RC_REFERENCE_H0'));
    assert.deepEqual(await one.turn((turn) => listHandles(turn, 0x03000000)), [session]);
    await assert.rejects(load(other, context), refusedWith('TPM_RC_HANDLE'));
    assert.equal(await load(one, context), session);
    await assert.rejects(load(one, context), refusedWith('TPM_RC_HANDLE'));
    assert.equal((await policyOf(one, session)).length, 32);
  });

  it('wait their turn: one with a thousand commands does not keep another waiting', async () => {
    await using greedy = caller();
    await using modest = caller();
    let done = 0;
    const flood = Promise.all(Array.from({ length: 200 }, () => random(greedy).then(() => done++)));
    await random(modest);
    assert.ok(done <= 2, `${done} of the flood came first`);
    await flood;
  });

  it('are refused when too many wait, and the rest goes on', async () => {
    await using narrow = await narrowManager({ maxWaiting: 2, timeoutMs: 60_000 });
    const calls = await Promise.allSettled(Array.from({ length: 10 }, () => random(createTpm(narrow.manager.open()))));
    const refused = calls.filter((call) => call.status === 'rejected');
    assert.equal(refused.length, 7);
    assert.ok(refused.every(({ reason }) => isTeaError(reason, 'limit')));
    await random(createTpm(narrow.manager.open()));
  });

  it('may not fill the TPM alone: one caller has at most 8 sessions and 32 objects', async () => {
    await using tpm = caller();
    await tpm.turn(async (turn) => {
      for (let count = 0; count < 8; count++) await keptSession(turn);
      await assert.rejects(keptSession(turn), refusedWith('TPM_RC_SESSION_HANDLES'));
      for (let count = 0; count < 32; count++) await storageKey(turn);
      await assert.rejects(storageKey(turn), refusedWith('TPM_RC_OBJECT_HANDLES'));
    });
  });

  it('wait for a session when the TPM has none left, and get it when another ends', async () => {
    await using stack = new AsyncDisposableStack();
    const holders = Array.from({ length: 8 }, () => stack.use(caller()));
    for (const tpm of holders) {
      await tpm.turn(async (turn) => {
        for (let count = 0; count < 8; count++) await keptSession(turn);
      });
    }
    await using late = caller();
    const order: string[] = [];
    const waiting = late.turn(keptSession).then(() => order.push('had a session'));
    await random(holders[0]!);
    order.push('a holder left');
    await holders[0]![Symbol.asyncDispose]();
    await waiting;
    assert.deepEqual(order, ['a holder left', 'had a session']);
  });

  it('free what they held when they die, in the middle of a command too', async () => {
    const tpm = caller();
    await tpm.turn(async (turn) => [await storageKey(turn), await storageKey(turn), await keptSession(turn)]);
    const transport = manager.open();
    const calls = Promise.allSettled([
      transport.transmit(encodeCommand(CreatePrimary, OWNER, creationParameters(STORAGE_KEY), [password()])),
      tpm.turn(keptSession),
    ]);
    await Promise.all([transport[Symbol.asyncDispose](), tpm[Symbol.asyncDispose]()]);
    await calls;
    await manager[Symbol.asyncDispose]();
    {
      await using bare = createTpm(await simulator.connect());
      for (const first of [0x80000000, 0x02000000, 0x03000000]) assert.deepEqual(await bare.turn((turn) => listHandles(turn, first)), []);
    }
    manager = await openResourceManager({ connect: () => simulator.connect() });
  });

  it('get nothing but refusals from a TPM that answers nonsense', async () => {
    const answers = ['80010000000a00000000', '8001', '', '80020000000a00000000', '80010000000e0000000080000000'];
    for (const answer of answers) {
      let honest = true;
      const connect = async (): Promise<TpmTransport> => {
        const wire = await startedFor.connect();
        return { ...wire, transmit: async (command) => (honest ? wire.transmit(command) : Uint8Array.fromHex(answer)) };
      };
      await using startedFor = await startTestTpm();
      await using lied = await openResourceManager({ connect });
      await using tpm = createTpm(lied.open());
      honest = false;
      await assert.rejects(tpm.turn(storageKey), (error) => isTeaError(error, 'badMessage'), answer);
      await assert.rejects(random(tpm), (error) => isTeaError(error, 'badMessage'), answer);
      honest = true;
    }
  });

  it('may send anything: no bytes but a command of their own reach the TPM', async () => {
    await using transport = manager.open();
    await using tpm = caller();
    const session = await tpm.turn(keptSession);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), fc.constantFrom(...TPM_COMMANDS.keys()), async (body, code) => {
        const bytes = new Uint8Array(10 + body.length);
        const view = new DataView(bytes.buffer);
        view.setUint16(0, body.length % 2 === 0 ? 0x8001 : 0x8002);
        view.setUint32(2, bytes.length);
        view.setUint32(6, code);
        bytes.set(body, 10);
        assert.ok((await transport.transmit(bytes)).length >= 10);
        assert.ok((await transport.transmit(body)).length >= 10);
      }),
      { numRuns: 300 },
    );
    assert.equal((await policyOf(tpm, session)).length, 32);
  });

  it('keep a session that lay idle while a thousand others came and went', async () => {
    await using tpm = caller();
    const idle = await tpm.turn(keptSession);
    const busy: number[] = [];
    for (let count = 0; count < 5; count++) busy.push(await tpm.turn(keptSession));
    for (let round = 0; round < 200; round++) for (const session of busy) await policyOf(tpm, session);
    assert.equal((await policyOf(tpm, idle)).length, 32);
  });
});

describe('the slots of a TPM', () => {
  const CONTEXT_GAP = Uint8Array.fromHex('80010000000a00000901');
  const SUCCESS = Uint8Array.fromHex('80010000000a00000000');

  it('load the oldest saved session when the TPM would lose count of it (TPM_RC_CONTEXT_GAP), then send the command again', async () => {
    const sent: string[] = [];
    let gaps = 1;
    const slots = createSlots(async (command) => {
      const code = command.toHex().slice(16, 20);
      sent.push(`${code} ${command.toHex().slice(20)}`.trim());
      if (code === '0161') return Uint8Array.fromHex('80010000000e0000000002000001');
      return gaps-- > 0 ? CONTEXT_GAP : SUCCESS;
    });
    for (const handle of [0x02000001, 0x02000002]) slots.saved(slots.add('session', handle), Uint8Array.of(handle & 0xff));
    await slots.transmit(Uint8Array.fromHex('80010000000a00000181'), []);
    assert.deepEqual(sent, ['0181', '0161 01', '0181']);
  });

  it('stop making room for a TPM that always wants more', async () => {
    let commands = 0;
    const slots = createSlots(async () => (commands++ % 2 === 0 ? CONTEXT_GAP : Uint8Array.fromHex('80010000000e0000000002000001')));
    for (let handle = 0x02000001; handle < 0x02001001; handle++) slots.saved(slots.add('session', handle), NONE);
    assert.deepEqual(await slots.transmit(SUCCESS, []), CONTEXT_GAP);
  });
});

describe('a TPM that was reset', { timeout: 60_000 }, () => {
  it('is noticed: what callers held is refused as not loaded, and they go on with new keys', async () => {
    await using stateDir = await temporaryDirectory('tpm');
    let simulator = await startTestTpm({ stateDir: stateDir.path });
    await using manager = await openResourceManager({ connect: () => simulator.connect() });
    await using one = createTpm(manager.open());
    await using other = createTpm(manager.open());
    const { handle } = await one.turn(storageKey);
    const session = await other.turn(keptSession);
    simulator.child.kill('SIGKILL');
    await simulator.child.exited;
    await assert.rejects(random(one), (error) => isTeaError(error, 'unavailable'));
    simulator = await startTestTpm({ stateDir: stateDir.path, startUp: false });
    await random(one);
    await assert.rejects(
      one.turn((turn) => turn.run(ReadPublic, { objectHandle: handle }, {})),
      refusedWith('TPM_RC_REFERENCE_H0'),
    );
    await assert.rejects(policyOf(other, session), refusedWith('TPM_RC_REFERENCE_H0'));
    assert.notEqual((await one.turn(storageKey)).handle, handle);
    await simulator[Symbol.asyncDispose]();
  });

  for (const startUp of [true, false]) {
    it(`is noticed behind an unbroken connection, ${startUp ? 'by its count of resets' : 'because it waits for TPM2_Startup'}`, async () => {
      await using stateDir = await temporaryDirectory('tpm');
      let simulator = await startTestTpm({ stateDir: stateDir.path });
      let wire = await simulator.connect();
      const connect = async (): Promise<TpmTransport> => ({
        description: 'a device',
        transmit: (command) => wire.transmit(command),
        [Symbol.asyncDispose]: () => wire[Symbol.asyncDispose](),
      });
      await using manager = await openResourceManager({ connect });
      await using tpm = createTpm(manager.open());
      const keys = await tpm.turn(async (turn) => [await storageKey(turn), await storageKey(turn), await storageKey(turn), await storageKey(turn)]);
      await simulator[Symbol.asyncDispose]();
      simulator = await startTestTpm({ stateDir: stateDir.path, startUp });
      wire = await simulator.connect();
      for (const { handle } of keys) {
        await assert.rejects(
          tpm.turn((turn) => turn.run(ReadPublic, { objectHandle: handle }, {})),
          refusedWith('TPM_RC_REFERENCE_H0'),
        );
      }
      assert.equal((await tpm.turn(storageKey)).name.length, 34);
      await simulator[Symbol.asyncDispose]();
    });
  }
});

async function narrowManager(limits: { readonly maxWaiting: number; readonly timeoutMs: number }) {
  const own = await startTestTpm();
  const manager = await openResourceManager({ connect: () => own.connect(), ...limits });
  return {
    manager,
    async [Symbol.asyncDispose]() {
      await manager[Symbol.asyncDispose]();
      await own[Symbol.asyncDispose]();
    },
  };
}

const codeOf = (index: number): number => [...TPM_COMMANDS.keys()][index % TPM_COMMANDS.size] ?? 0;

/** Part 3, TPM2_PolicyCommandCode. */
function policyOfCommand(code: number): Uint8Array {
  return sha256(new Uint8Array(32), encodeTpm(UINT32, TPM_CC.policyCommandCode), encodeTpm(UINT32, code));
}
