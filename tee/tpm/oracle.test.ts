import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { concatBytes, isTeaError, sha256 } from '@tea/protocol';
import {
  decodeCertification,
  decodeQuote,
  encodeTpm,
  nameOf,
  pcrDigest,
  TpmReader,
  type PublicArea,
  TPM_CC,
  TPMS_ECC_POINT,
  UINT16,
  verifySignature,
} from '@tea/protocol/tpm';
import { password } from './authorization.ts';
import { EcdhKeyGen, EcdhZGen, RsaDecrypt, RsaEncrypt, Sign, VerifySignature } from './commands/cryptography.ts';
import {
  ContextLoad,
  ContextSave,
  DictionaryAttackLockReset,
  FlushContext,
  GetCapability,
  GetRandom,
  Hash,
  ReadClock,
  SelfTest,
  Startup,
} from './commands/general.ts';
import { CertifyCreation, PcrEvent, PcrReset } from './commands/measurements.ts';
import { NvDefineSpace, NvIncrement, NvRead, NvReadPublic, NvUndefineSpace, NvWrite } from './commands/nv.ts';
import { Create, CreatePrimary, EvictControl, Load, LoadExternal, MakeCredential, ReadPublic, Unseal } from './commands/objects.ts';
import { PolicyAuthorize, PolicyCommandCode, PolicyGetDigest, PolicyPcr, PolicySecret, PolicySigned, StartAuthSession } from './commands/sessions.ts';
import { TPM_CAP, TPM_ST_HASHCHECK, TPMT_TK } from './commands/types.ts';
import { listHandles, loadEndorsementKey } from './endorsement.ts';
import { FIRST_HANDLES } from './handles.ts';
import { creationParameters, releaseKey, STORAGE_KEY } from './key-templates.ts';
import { TPM_COMMANDS } from './commands/table.ts';
import { extendPcr, readPcrs, sha256Pcrs } from './pcrs.ts';
import { openTeeTpm } from './tee-tpm.ts';
import { attributesOf, SEALED_DATA } from './test-objects.ts';
import { startToolsAndTpm, type ToolsAndTpm } from './test-tpm2-tools.ts';
import { createTpm, type Tpm, TPM_RH, type TpmTurn } from './tpm.ts';

const NONE = new Uint8Array(0);
const TEXT = new TextEncoder().encode('said by one, read by the other');
const sized = (bytes: Uint8Array): Uint8Array => concatBytes(encodeTpm(UINT16, bytes.length), bytes);
const hex = (handle: number): string => `0x${handle.toString(16)}`;
const PRIMARY_ATTRIBUTES = 'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|noda|restricted|decrypt';

const NULL_SCHEME = { scheme: 'null' } as const;
const ours = attributesOf('fixedTPM', 'fixedParent', 'sensitiveDataOrigin', 'userWithAuth', 'noDA');
const ecc = { nameAlg: 'sha256', authPolicy: NONE, unique: { x: NONE, y: NONE } } as const;
const eccParameters = { symmetric: { algorithm: 'null' }, curve: 'p256', kdf: NULL_SCHEME } as const;
const SIGNING: PublicArea = {
  ...ecc,
  type: 'ecc',
  attributes: { ...ours, sign: true },
  parameters: { ...eccParameters, scheme: { scheme: 'ecdsa', hash: 'sha256' } },
};
const AGREEING: PublicArea = {
  ...ecc,
  type: 'ecc',
  attributes: { ...ours, decrypt: true },
  parameters: { ...eccParameters, scheme: { scheme: 'ecdh', hash: 'sha256' } },
};
const DECRYPTING: PublicArea = {
  type: 'rsa',
  nameAlg: 'sha256',
  attributes: { ...ours, decrypt: true },
  authPolicy: NONE,
  parameters: { symmetric: { algorithm: 'null' }, scheme: NULL_SCHEME, keyBits: 2048, exponent: 0 },
  unique: NONE,
};

/** Each command of ours next to the tool that does the same, on the same TPM: what one makes the other must find. */
describe('tpm2-tools on the same TPM', { timeout: 120_000 }, () => {
  let both: ToolsAndTpm;
  let tpm: Tpm;
  before(async () => {
    both = await startToolsAndTpm();
    tpm = createTpm(both.manager.open());
  });
  after(async () => {
    await tpm[Symbol.asyncDispose]();
    await both[Symbol.asyncDispose]();
  });

  const primary = async (turn: TpmTurn): Promise<number> => {
    const { objectHandle } = await turn.run(CreatePrimary, { primaryHandle: TPM_RH.owner }, creationParameters(STORAGE_KEY), [password()]);
    turn.flushAfter(objectHandle);
    return objectHandle;
  };
  /** A key for the duration of `work`, where the tools find it too. */
  async function withPersistent<T>(template: PublicArea, handle: number, work: (name: Uint8Array, publicArea: Uint8Array) => Promise<T>): Promise<T> {
    const made = await tpm.turn(async (turn) => {
      const parentHandle = await primary(turn);
      const created = await turn.run(Create, { parentHandle }, creationParameters(template), [password()]);
      const parameters = { inPrivate: created.outPrivate, inPublic: created.outPublic };
      const { objectHandle, name } = await turn.run(Load, { parentHandle }, parameters, [password()]);
      turn.flushAfter(objectHandle);
      await turn.run(EvictControl, { auth: TPM_RH.owner, objectHandle }, { persistentHandle: handle }, [password()]);
      return { name, publicArea: created.outPublic };
    });
    try {
      return await work(made.name, made.publicArea);
    } finally {
      await both.tool('evictcontrol', '-C', 'o', '-c', hex(handle));
      assert.ok(!(await tpm.turn((turn) => listHandles(turn, 0x81000000))).includes(handle));
    }
  }

  it('Startup and FlushContext: find the TPM started, and nothing left in it', async () => {
    await both.tool('startup', '-c');
    const again = tpm.turn((turn) => turn.run(Startup, {}, { startupType: 0 }));
    await assert.rejects(again, (error) => isTeaError(error, 'tpm') && error.details['response'] === 'TPM_RC_INITIALIZE');
    await both.tool('createprimary', '-C', 'o', '-c', 'left.ctx');
    await both.tool('flushcontext', '-t');
    assert.equal((await both.tool('getcap', 'handles-transient')).trim(), '');
    const left = await tpm.turn(async (turn) => {
      const { objectHandle: flushHandle } = await turn.run(CreatePrimary, { primaryHandle: TPM_RH.owner }, creationParameters(STORAGE_KEY), [
        password(),
      ]);
      const before = await listHandles(turn, FIRST_HANDLES.transient);
      await turn.run(FlushContext, {}, { flushHandle });
      return [before.length, (await listHandles(turn, FIRST_HANDLES.transient)).length];
    });
    assert.deepEqual(left, [1, 0]);
  });

  it('GetRandom: give as much as was asked for, never the same', async () => {
    const [theirs, ours] = [await both.tool('getrandom', '--hex', '32'), await tpm.turn((turn) => turn.run(GetRandom, {}, { bytesRequested: 32 }))];
    assert.equal(theirs.trim().length, 64);
    assert.equal(ours.randomBytes.length, 32);
    assert.notEqual(ours.randomBytes.toHex(), theirs.trim());
  });

  it('ContextSave and ContextLoad: take up a key where the other put it aside, and refuse an altered one', async () => {
    await both.tool('createprimary', '-C', 'o', '-G', 'ecc', '-c', 'aside.ctx');
    await both.tool('readpublic', '-c', 'aside.ctx', '-n', 'aside.name');
    const context = contextOf(await both.read('aside.ctx'));
    const loaded = await tpm.turn(async (turn) => {
      const { loadedHandle } = await turn.run(ContextLoad, {}, { context });
      turn.flushAfter(loadedHandle);
      const again = await turn.run(ContextSave, { saveHandle: loadedHandle }, {});
      const { name } = await turn.run(ReadPublic, { objectHandle: loadedHandle }, {});
      const reloaded = await turn.run(ContextLoad, {}, { context: again.context });
      turn.flushAfter(reloaded.loadedHandle);
      return [name, (await turn.run(ReadPublic, { objectHandle: reloaded.loadedHandle }, {})).name];
    });
    assert.deepEqual(loaded, Array(2).fill(await both.read('aside.name')));
    const altered = context.with(context.length - 1, (context.at(-1) ?? 0) ^ 1);
    await assert.rejects(
      tpm.turn((turn) => turn.run(ContextLoad, {}, { context: altered })),
      { code: 'tpm' },
    );
  });

  it('Quote and Certify: make statements that our verifier takes, of the values and the key we see', async () => {
    await both.tool('createek', '-c', 'quoting-ek.ctx', '-G', 'ecc');
    await both.tool('createak', '-C', 'quoting-ek.ctx', '-c', 'quoting.ctx', '-G', 'rsa', '-g', 'sha256', '-s', 'rsassa', '-u', 'quoting.pub');
    await both.tool('flushcontext', '-t');
    const nonce = sha256(TEXT);
    await both.tool('quote', '-c', 'quoting.ctx', '-l', 'sha256:0,7,12', '-q', nonce.toHex(), '-m', 'quote.msg', '-s', 'quote.sig');
    const ak = (await both.read('quoting.pub')).slice(2);
    const [message, signature] = [await both.read('quote.msg'), await both.read('quote.sig')];
    assert.equal(await verifySignature(ak, message, signature), true);
    assert.equal(await verifySignature(ak, message.with(20, (message[20] ?? 0) ^ 1), signature), false);
    const quote = decodeQuote(message);
    const values = await tpm.turn((turn) => readPcrs(turn, [0, 7, 12]));
    assert.deepEqual([quote.extraData, quote.pcrDigest], [nonce, pcrDigest(values.map(({ digest }) => digest))]);
    await both.tool('certify', '-c', 'quoting.ctx', '-C', 'quoting.ctx', '-g', 'sha256', '-o', 'certify.msg', '-s', 'certify.sig');
    const certified = await both.read('certify.msg');
    assert.equal(await verifySignature(ak, certified, await both.read('certify.sig')), true);
    assert.deepEqual(decodeCertification(certified).name, nameOf(ak));
  });

  it('SelfTest: agree that the TPM works', async () => {
    await tpm.turn((turn) => turn.run(SelfTest, {}, { fullTest: true }));
    await both.tool('selftest', '--fulltest');
  });

  it('GetCapability: read the same property', async () => {
    const property = 0x12c; // TPM_PT_NV_BUFFER_MAX
    const asked = { capability: TPM_CAP.tpmProperties, property, propertyCount: 1 };
    const { capabilityData } = await tpm.turn((turn) => turn.run(GetCapability, {}, asked));
    const value = capabilityData.capability === 'tpmProperties' ? capabilityData.properties[0]?.value : undefined;
    const printed = /TPM2_PT_NV_BUFFER_MAX:\s+raw: (0x[0-9A-F]+)/i.exec(await both.tool('getcap', 'properties-fixed'))?.[1];
    assert.equal(value, Number(printed));
  });

  it('ReadClock: count the same resets', async () => {
    const { clockInfo } = await tpm.turn((turn) => turn.run(ReadClock, {}, {}));
    const printed = await both.tool('readclock');
    assert.equal(Number(/reset_count: (\d+)/.exec(printed)?.[1]), clockInfo.resetCount);
    assert.equal(Number(/restart_count: (\d+)/.exec(printed)?.[1]), clockInfo.restartCount);
    assert.ok(BigInt(/ clock: (\d+)/.exec(printed)?.[1] ?? -1) >= clockInfo.clock);
  });

  it('Hash: compute the same digests', async () => {
    const file = await both.write('text', TEXT);
    for (const hashAlg of ['sha1', 'sha256', 'sha384'] as const) {
      const { outHash } = await tpm.turn((turn) => turn.run(Hash, {}, { data: TEXT, hashAlg, hierarchy: TPM_RH.null }));
      assert.equal((await both.tool('hash', '-g', hashAlg, '--hex', file)).trim(), outHash.toHex());
    }
  });

  it('PCR_Event, PCR_Extend, PCR_Reset and PCR_Read: leave the same values behind', async () => {
    const file = await both.write('event', TEXT);
    const valueOf = async (): Promise<string> => (/0x([0-9A-F]{64})/i.exec(await both.tool('pcrread', 'sha256:16'))?.[1] ?? '').toLowerCase();
    const read = async (): Promise<string | undefined> => (await tpm.turn((turn) => readPcrs(turn, [16])))[0]?.digest.toHex();
    const { digests } = await tpm.turn((turn) => turn.run(PcrEvent, { pcrHandle: 16 }, { eventData: TEXT }, [password()]));
    const afterOurs = await valueOf();
    assert.equal(afterOurs, sha256(new Uint8Array(32), sha256(TEXT)).toHex());
    const printed = await both.tool('pcrevent', file);
    for (const { hash, digest } of digests) assert.match(printed, new RegExp(`${hash}: ${digest.toHex()}`));
    await both.tool('pcrreset', '16');
    assert.equal(await read(), '0'.repeat(64));
    await both.tool('pcrextend', `16:sha256=${sha256(TEXT).toHex()}`);
    assert.equal(await read(), afterOurs);
    await tpm.turn((turn) => turn.run(PcrReset, { pcrHandle: 16 }, {}, [password()]));
    assert.equal(await valueOf(), '0'.repeat(64));
    await tpm.turn((turn) => extendPcr(turn, 16, sha256(TEXT)));
    assert.equal(await valueOf(), afterOurs);
  });

  it('CreatePrimary, LoadExternal and ReadPublic: give the same keys the same Names', async () => {
    await both.tool('createprimary', '-C', 'o', '-G', 'ecc:null:aes128cfb', '-a', PRIMARY_ATTRIBUTES, '-c', 'primary.ctx');
    await both.tool('readpublic', '-c', 'primary.ctx', '-n', 'primary.name');
    const { name } = await tpm.turn(async (turn) => turn.run(ReadPublic, { objectHandle: await primary(turn) }, {}));
    assert.deepEqual(await both.read('primary.name'), name);

    await withPersistent(SIGNING, 0x81000020, async (_, publicArea) => {
      const external = await both.write('external.pub', sized(publicArea));
      await both.tool('loadexternal', '-C', 'o', '-u', external, '-c', 'external.ctx', '-n', 'external.name');
      const loaded = await tpm.turn(async (turn) => {
        const made = await turn.run(LoadExternal, {}, { inPrivate: NONE, inPublic: publicArea, hierarchy: TPM_RH.owner });
        turn.flushAfter(made.objectHandle);
        return made.name;
      });
      assert.deepEqual(await both.read('external.name'), loaded);
    });
  });

  it('Create, Load and Unseal: open what the other sealed', async () => {
    await both.tool('createprimary', '-C', 'o', '-G', 'ecc:null:aes128cfb', '-a', PRIMARY_ATTRIBUTES, '-c', 'parent.ctx');
    const made = await tpm.turn(async (turn) => {
      const parameters = { ...creationParameters(SEALED_DATA), inSensitive: { userAuth: NONE, data: TEXT } };
      return turn.run(Create, { parentHandle: await primary(turn) }, parameters, [password()]);
    });
    await Promise.all([both.write('sealed.pub', sized(made.outPublic)), both.write('sealed.priv', sized(made.outPrivate))]);
    await both.tool('load', '-C', 'parent.ctx', '-u', 'sealed.pub', '-r', 'sealed.priv', '-c', 'sealed.ctx');
    assert.equal(await both.tool('unseal', '-c', 'sealed.ctx'), new TextDecoder().decode(TEXT));

    await both.tool('create', '-C', 'parent.ctx', '-i', await both.write('plain', TEXT), '-u', 'theirs.pub', '-r', 'theirs.priv');
    const [inPublic, inPrivate] = [(await both.read('theirs.pub')).slice(2), (await both.read('theirs.priv')).slice(2)];
    const { outData } = await tpm.turn(async (turn) => {
      const { objectHandle } = await turn.run(Load, { parentHandle: await primary(turn) }, { inPrivate, inPublic }, [password()]);
      turn.flushAfter(objectHandle);
      return turn.run(Unseal, { itemHandle: objectHandle }, {}, [password()]);
    });
    assert.deepEqual(outData, TEXT);
  });

  it('EvictControl, Sign and VerifySignature: find the key and accept each other, and no other text', async () => {
    const handle = 0x81000010;
    await withPersistent(SIGNING, handle, async () => {
      assert.match(await both.tool('getcap', 'handles-persistent'), new RegExp(hex(handle), 'i'));
      const digest = sha256(TEXT);
      const text = await both.write('text', TEXT);
      await both.tool('sign', '-c', hex(handle), '-g', 'sha256', '-s', 'ecdsa', '-o', 'theirs.sig', text);
      const theirs = await both.read('theirs.sig');
      await tpm.turn((turn) => turn.run(VerifySignature, { keyHandle: handle }, { digest, signature: theirs }));
      await assert.rejects(tpm.turn((turn) => turn.run(VerifySignature, { keyHandle: handle }, { digest: sha256(digest), signature: theirs })));

      const validation = { tag: TPM_ST_HASHCHECK, hierarchy: TPM_RH.null, digest: NONE };
      const signed = await tpm.turn((turn) => turn.run(Sign, { keyHandle: handle }, { digest, inScheme: NULL_SCHEME, validation }, [password()]));
      const verify = (file: string): Promise<string> => both.tool('verifysignature', '-c', hex(handle), '-g', 'sha256', '-m', file, '-s', 'ours.sig');
      await both.write('ours.sig', signed.signature);
      await verify(text);
      await assert.rejects(verify(await both.write('other', digest)));
    });
  });

  it('RSA_Encrypt and RSA_Decrypt: read what the other encrypted', async () => {
    const handle = 0x81000011;
    const inScheme = { scheme: 'oaep', hash: 'sha256' } as const;
    await withPersistent(DECRYPTING, handle, async () => {
      const { outData } = await tpm.turn((turn) => turn.run(RsaEncrypt, { keyHandle: handle }, { message: TEXT, inScheme, label: NONE }));
      await both.tool('rsadecrypt', '-c', hex(handle), '-s', 'oaep', '-o', 'plain', await both.write('cipher', outData));
      assert.deepEqual(await both.read('plain'), TEXT);
      await both.tool('rsaencrypt', '-c', hex(handle), '-s', 'oaep', '-o', 'cipher', await both.write('plain', TEXT));
      const cipherText = await both.read('cipher');
      const decrypted = await tpm.turn((turn) => turn.run(RsaDecrypt, { keyHandle: handle }, { cipherText, inScheme, label: NONE }, [password()]));
      assert.deepEqual(decrypted.message, TEXT);
    });
  });

  it('ECDH_KeyGen and ECDH_ZGen: agree on the shared point', async () => {
    const handle = 0x81000012;
    await withPersistent(AGREEING, handle, async () => {
      await both.tool('ecdhkeygen', '-c', hex(handle), '-u', 'theirs.pub', '-o', 'theirs.z');
      const inPoint = pointOf(await both.read('theirs.pub'));
      const { outPoint } = await tpm.turn((turn) => turn.run(EcdhZGen, { keyHandle: handle }, { inPoint }, [password()]));
      assert.deepEqual(outPoint, pointOf(await both.read('theirs.z')));
      const { pubPoint, zPoint } = await tpm.turn((turn) => turn.run(EcdhKeyGen, { keyHandle: handle }, {}));
      const file = await both.write('ours.pub', sized(encodeTpm(TPMS_ECC_POINT, pubPoint)));
      await both.tool('ecdhzgen', '-c', hex(handle), '-u', file, '-o', 'ours.z');
      assert.deepEqual(pointOf(await both.read('ours.z')), zPoint);
    });
  });

  it('CertifyCreation: take the ticket of the other for a key, and say the same of it', async () => {
    await withPersistent(SIGNING, 0x81000013, async (signerName, signerPublic) => {
      const made = await tpm.turn(async (turn) => {
        const parentHandle = await primary(turn);
        const created = await turn.run(Create, { parentHandle }, creationParameters(AGREEING), [password()]);
        const loaded = await turn.run(Load, { parentHandle }, { inPrivate: created.outPrivate, inPublic: created.outPublic }, [password()]);
        turn.flushAfter(loaded.objectHandle);
        await turn.run(EvictControl, { auth: TPM_RH.owner, objectHandle: loaded.objectHandle }, { persistentHandle: 0x81000014 }, [password()]);
        const { creationHash, creationTicket } = created;
        const handles = { signHandle: 0x81000013, objectHandle: loaded.objectHandle };
        const parameters = { qualifyingData: TEXT, creationHash, inScheme: NULL_SCHEME, creationTicket };
        return { created, name: loaded.name, ...(await turn.run(CertifyCreation, handles, parameters, [password()])) };
      });
      assert.equal(await verifySignature(signerPublic, made.certifyInfo, made.signature), true);
      await Promise.all([
        both.write('creation.hash', sized(made.created.creationHash)),
        both.write('creation.ticket', encodeTpm(TPMT_TK, made.created.creationTicket)),
      ]);
      const files = ['-d', 'creation.hash', '-t', 'creation.ticket', '-o', 'creation.sig', '--attestation', 'creation.attest'];
      await both.tool('certifycreation', '-C', '0x81000013', '-c', '0x81000014', '-g', 'sha256', '-s', 'ecdsa', '-q', TEXT.toHex(), ...files);
      await both.tool('evictcontrol', '-C', 'o', '-c', '0x81000014');
      const theirs = await both.read('creation.attest');
      assert.deepEqual(tailOf(theirs, made.name), tailOf(made.certifyInfo, made.name));
      assert.equal(signerName.length, 34);
    });
  });

  it('MakeCredential: make what the other activates', async () => {
    await withPersistent(SIGNING, 0x81000015, async (name) => {
      const { credentialBlob, secret } = await tpm.turn(async (turn) =>
        turn.run(MakeCredential, { handle: await primary(turn) }, { credential: TEXT, objectName: name }),
      );
      const file = await both.write('credential', concatBytes(Uint8Array.fromHex('badcc0de00000001'), sized(credentialBlob), sized(secret)));
      await both.tool('createprimary', '-C', 'o', '-G', 'ecc:null:aes128cfb', '-a', PRIMARY_ATTRIBUTES, '-c', 'parent.ctx');
      await both.tool('activatecredential', '-c', '0x81000015', '-C', 'parent.ctx', '-i', file, '-o', 'activated');
      assert.deepEqual(await both.read('activated'), TEXT);
    });
  });

  it('ActivateCredential: make the P-256 EK from the same template, and a credential that only it opens for the key named', async () => {
    await both.tool('createek', '-c', 'ec-ek.ctx', '-G', 'ecc', '-u', 'ec-ek.pub');
    await both.tool('flushcontext', '-t');
    await using tee = await openTeeTpm({
      transport: both.manager.open(),
      state: { read: async () => undefined, write: async () => undefined },
      endorsementKey: 'ecc',
    });
    const ek = await tpm.turn((turn) => loadEndorsementKey(turn, 'ecc'));
    assert.deepEqual(await both.read('ec-ek.pub'), sized(ek.publicArea));
    await both.write('ec-secret', TEXT);
    const credentialFor = async (name: Uint8Array) => {
      await both.tool('makecredential', '-T', 'none', '-u', 'ec-ek.pub', '-s', 'ec-secret', '-n', name.toHex(), '-o', 'ec-credential');
      const made = await both.read('ec-credential'); // magic, version, TPM2B_ID_OBJECT, TPM2B_ENCRYPTED_SECRET
      const blobEnd = 10 + new DataView(made.buffer).getUint16(8);
      return [made.slice(10, blobEnd), made.slice(blobEnd + 2)] as const;
    };
    assert.deepEqual(await tee.activateCredential(...(await credentialFor(tee.ak.name))), TEXT);
    await assert.rejects(tee.activateCredential(...(await credentialFor(tee.sealingKey.name))), { code: 'tpm' });
  });

  it('NV_DefineSpace, NV_Write, NV_Read, NV_ReadPublic and NV_UndefineSpace: share an index', async () => {
    const nvIndex = 0x01800100;
    const attributes = (1 << 1) | (1 << 2) | (1 << 17) | (1 << 18); // OWNERWRITE, AUTHWRITE, OWNERREAD, AUTHREAD
    const publicInfo = { nvIndex, nameAlg: 'sha256', attributes, authPolicy: NONE, dataSize: TEXT.length } as const;
    const index = { authHandle: nvIndex, nvIndex };
    await tpm.turn((turn) => turn.run(NvDefineSpace, { authHandle: TPM_RH.owner }, { auth: NONE, publicInfo }, [password()]));
    await tpm.turn((turn) => turn.run(NvWrite, index, { data: TEXT, offset: 0 }, [password()]));
    await both.tool('nvread', hex(nvIndex), '-C', 'o', '-o', 'nv.read');
    assert.deepEqual(await both.read('nv.read'), TEXT);
    const { nvName } = await tpm.turn((turn) => turn.run(NvReadPublic, { nvIndex }, {}));
    assert.match(await both.tool('nvreadpublic', hex(nvIndex)), new RegExp(nvName.toHex(), 'i'));
    await both.tool('nvwrite', hex(nvIndex), '-C', 'o', '-i', await both.write('nv.write', TEXT.toReversed()));
    const { data } = await tpm.turn((turn) => turn.run(NvRead, index, { size: TEXT.length, offset: 0 }, [password()]));
    assert.deepEqual(data, TEXT.toReversed());
    await tpm.turn((turn) => turn.run(NvUndefineSpace, { authHandle: TPM_RH.owner, nvIndex }, {}, [password()]));
    await assert.rejects(both.tool('nvreadpublic', hex(nvIndex)));
  });

  it('NV_Increment: count together', async () => {
    const nvIndex = 0x01800101;
    await both.tool('nvdefine', hex(nvIndex), '-C', 'o', '-s', '8', '-a', 'ownerread|ownerwrite|authread|authwrite|nt=counter');
    await both.tool('nvincrement', hex(nvIndex), '-C', 'o');
    const index = { authHandle: nvIndex, nvIndex };
    const count = async (): Promise<bigint> => {
      const { data } = await tpm.turn((turn) => turn.run(NvRead, index, { size: 8, offset: 0 }, [password()]));
      return new DataView(data.buffer).getBigUint64(0);
    };
    const first = await count();
    await tpm.turn((turn) => turn.run(NvIncrement, index, {}, [password()]));
    await both.tool('nvincrement', hex(nvIndex), '-C', 'o');
    assert.equal(await count(), first + 2n);
  });

  it('StartAuthSession, PolicyGetDigest, PolicyPCR, PolicyCommandCode, PolicySecret, PolicySigned and PolicyAuthorize: come to the same digests', async () => {
    const release = releaseKey(concatBytes(Uint8Array.of(4), await somePoint()));
    const [ticket, approved] = [{ tag: 0x8022, hierarchy: TPM_RH.owner, digest: new Uint8Array(32) }, sha256(TEXT)];
    const digests = await tpm.turn(async (turn) => {
      const { sessionHandle: policySession } = await turn.run(
        StartAuthSession,
        { tpmKey: TPM_RH.null, bind: TPM_RH.null },
        { nonceCaller: new Uint8Array(16), encryptedSalt: NONE, sessionType: 'trial', symmetric: { algorithm: 'null' }, authHash: 'sha256' },
      );
      turn.flushAfter(policySession);
      const digest = async (): Promise<string> => (await turn.run(PolicyGetDigest, { policySession }, {})).policyDigest.toHex();
      await turn.run(PolicyPcr, { policySession }, { pcrDigest: NONE, pcrs: sha256Pcrs([0, 12]) });
      const list = [await digest()];
      await turn.run(PolicyCommandCode, { policySession }, { code: TPM_CC.unseal });
      list.push(await digest());
      const none = { nonceTpm: NONE, cpHashA: NONE, policyRef: NONE, expiration: 0 };
      await turn.run(PolicySecret, { authHandle: TPM_RH.owner, policySession }, none, [password()]);
      list.push(await digest());
      const external = { inPrivate: NONE, inPublic: release, hierarchy: TPM_RH.owner };
      const { objectHandle } = await turn.run(LoadExternal, {}, external);
      turn.flushAfter(objectHandle);
      await turn.run(PolicySigned, { authObject: objectHandle, policySession }, { ...none, auth: SOME_SIGNATURE });
      list.push(await digest());
      await turn.run(
        PolicyAuthorize,
        { policySession },
        { approvedPolicy: approved, policyRef: TEXT, keySign: nameOf(release), checkTicket: ticket },
      );
      list.push(await digest());
      return list;
    });

    await both.tool('startauthsession', '-S', 's.ctx');
    const theirs = async (name: string, ...args: readonly string[]): Promise<string> => {
      await both.tool(name, '-S', 's.ctx', '-L', 'digest', ...args);
      return (await both.read('digest')).toHex();
    };
    await both.tool('loadexternal', '-C', 'o', '-u', await both.write('release.pub', sized(release)), '-c', 'release.ctx');
    await Promise.all([both.write('some.sig', SOME_SIGNATURE), both.write('approved', approved), both.write('release.name', nameOf(release))]);
    await Promise.all([both.write('ticket', encodeTpm(TPMT_TK, ticket)), both.write('ref', TEXT)]);
    assert.deepEqual(
      [
        await theirs('policypcr', '-l', 'sha256:0,12'),
        await theirs('policycommandcode', 'TPM2_CC_Unseal'),
        await theirs('policysecret', '-c', 'o'),
        await theirs('policysigned', '-c', 'release.ctx', '-g', 'sha256', '-s', 'some.sig'),
        await theirs('policyauthorize', '-i', 'approved', '-q', 'ref', '-n', 'release.name', '-t', 'ticket'),
      ],
      digests,
    );
  });

  it('DictionaryAttackLockReset: see the count of failures go', async () => {
    const failures = async (): Promise<number> =>
      Number(/TPM2_PT_LOCKOUT_COUNTER: (0x[0-9A-F]+)/i.exec(await both.tool('getcap', 'properties-variable'))?.[1]);
    const template = { ...SEALED_DATA, attributes: { ...SEALED_DATA.attributes, noDA: false } } as PublicArea;
    await tpm.turn(async (turn) => {
      const parentHandle = await primary(turn);
      const parameters = { ...creationParameters(template), inSensitive: { userAuth: TEXT, data: TEXT } };
      const made = await turn.run(Create, { parentHandle }, parameters, [password()]);
      const { objectHandle } = await turn.run(Load, { parentHandle }, { inPrivate: made.outPrivate, inPublic: made.outPublic }, [password()]);
      turn.flushAfter(objectHandle);
      await assert.rejects(turn.run(Unseal, { itemHandle: objectHandle }, {}, [password(NONE)]));
    });
    assert.equal(await failures(), 1);
    await tpm.turn((turn) => turn.run(DictionaryAttackLockReset, { lockHandle: TPM_RH.lockout }, {}, [password()]));
    assert.equal(await failures(), 0);
  });
});

/** A TPMT_SIGNATURE that is none: trial sessions look at its form only. */
const SOME_SIGNATURE = concatBytes(Uint8Array.fromHex('0018000b'), sized(new Uint8Array(32).fill(1)), sized(new Uint8Array(32).fill(2)));

async function somePoint(): Promise<Uint8Array> {
  const { publicKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  return new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)).slice(1);
}

/** TPM2B_ECC_POINT, as the tools write it. */
function pointOf(file: Uint8Array): { x: Uint8Array; y: Uint8Array } {
  const view = new DataView(file.buffer);
  const x = view.getUint16(2);
  return { x: file.slice(4, 4 + x), y: file.slice(6 + x) };
}

/** What an attestation says at its end: the object's Name and what follows. */
function tailOf(attest: Uint8Array, name: Uint8Array): string {
  const [, tail] = attest.toHex().split(name.toHex());
  assert.ok(tail !== undefined);
  return tail;
}

/** tpm2-tools' file of a context: magic, version, hierarchy, savedHandle, sequence, and in the blob of ESYS a reserved word and then the TPM's own. */
function contextOf(file: Uint8Array): Uint8Array {
  const reader = new TpmReader(file, 'context file');
  assert.equal(reader.uint32(), 0xbadcc0de);
  reader.uint32();
  const [hierarchy, savedHandle, sequence] = [reader.bytes(4), reader.bytes(4), reader.bytes(8)];
  const esys = new TpmReader(reader.bytes(reader.uint16()), 'context of ESYS');
  esys.uint32();
  return concatBytes(sequence, savedHandle, hierarchy, sized(esys.bytes(esys.uint16())));
}

it('every command this room speaks is in the title of a comparison above', () => {
  const titles = readFileSync(import.meta.filename, 'utf8').matchAll(/^ {2}it\('([^:']+):/gm);
  const compared = new Set([...titles].flatMap(([, names = '']) => names.split(/, | and /)));
  const missing = [...TPM_COMMANDS.values()].map(({ name }) => name.replace('TPM2_', '')).filter((name) => !compared.has(name));
  assert.deepEqual(missing, []);
});
