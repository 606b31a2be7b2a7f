import { TeaError } from '@tea/protocol';
import { nameOf } from '@tea/protocol/tpm';
import { password } from './authorization.ts';
import { FlushContext, GetCapability } from './commands/general.ts';
import { NvRead, NvReadPublic } from './commands/nv.ts';
import { CreatePrimary, ReadPublic } from './commands/objects.ts';
import { creationParameters, ECC_ENDORSEMENT_KEY, isMadeFrom, type LoadedKey, RSA_ENDORSEMENT_KEY } from './key-templates.ts';
import { TPM_RH, type TpmTurn } from './tpm.ts';

/** Which of a TPM's endorsement keys speaks for it: both are its own, and a manufacturer may certify one alone. */
export type EndorsementKind = 'rsa' | 'ecc';

// TCG EK Credential Profile 2.5, 2.2.1.4 and 2.2.1.5.2 (NV indices) and TCG Provisioning Guidance 7.8 (persistent handles).
const KINDS = {
  rsa: { name: 'RSA-2048', handle: 0x81010001, certificate: 0x01c00002, template: RSA_ENDORSEMENT_KEY },
  ecc: { name: 'P-256', handle: 0x81010002, certificate: 0x01c0000a, template: ECC_ENDORSEMENT_KEY },
} as const;
const FIRST_CERTIFICATE = 0x01c00002;
const EK_CHAIN = { first: 0x01c00100, last: 0x01c001ff } as const;

const TPM_CAP = { handles: 1, tpmProperties: 6 } as const;
const TPM_PT_NV_BUFFER_MAX = 0x12c;
const MAX_HANDLES = 254;
const MAX_CERTIFICATE_SIZE = 8192;

/** What this TPM has under handles from `first` on: NV indices, persistent or transient objects, sessions. */
export async function listHandles(turn: TpmTurn, first: number): Promise<readonly number[]> {
  const { capabilityData } = await turn.run(GetCapability, {}, { capability: TPM_CAP.handles, property: first, propertyCount: MAX_HANDLES });
  return capabilityData.capability === 'handles' ? capabilityData.handles : [];
}

/** `unload` frees its place before the turn ends, where it takes one. */
export type LoadedEndorsementKey = LoadedKey & { unload(): Promise<void> };

/** The manufacturer's EK of this kind: the persistent one, or made again from the endorsement seed (RSA is slow on hardware) for this turn. */
export async function loadEndorsementKey(turn: TpmTurn, kind: EndorsementKind = 'rsa'): Promise<LoadedEndorsementKey> {
  const { handle, template } = KINDS[kind];
  if ((await listHandles(turn, handle)).includes(handle)) {
    const { outPublic } = await turn.run(ReadPublic, { objectHandle: handle }, {});
    // The handle is a custom, not a rule: what lies there may be another key.
    if (isMadeFrom(template, outPublic)) return { handle, publicArea: outPublic, name: nameOf(outPublic), unload: async () => undefined };
  }
  const made = await turn.run(CreatePrimary, { primaryHandle: TPM_RH.endorsement }, creationParameters(template), [password()]);
  const flushed = turn.flushAfter(made.objectHandle);
  return {
    handle: made.objectHandle,
    publicArea: made.outPublic,
    name: nameOf(made.outPublic),
    async unload() {
      await turn.run(FlushContext, {}, { flushHandle: made.objectHandle });
      flushed();
    },
  };
}

/** The certificate of an EK and, when the manufacturer left them in NV, those above it. DER, leaf first; empty when there is none. */
export type Endorsement = { readonly kind: EndorsementKind; readonly certificates: readonly Uint8Array[] };

/** @param wanted without it, the RSA-2048 EK where it has a certificate, otherwise the P-256 one where that has */
export async function readEndorsement(turn: TpmTurn, wanted?: EndorsementKind): Promise<Endorsement> {
  const indices = await listHandles(turn, FIRST_CERTIFICATE);
  const certified = (['rsa', 'ecc'] as const).filter((kind) => indices.includes(KINDS[kind].certificate));
  const kind = wanted ?? certified[0] ?? 'rsa';
  if (!certified.includes(kind)) return { kind, certificates: [] };
  const chain = indices.filter((index) => index >= EK_CHAIN.first && index <= EK_CHAIN.last);
  const certificates: Uint8Array[] = [];
  for (const index of [KINDS[kind].certificate, ...chain]) certificates.push(...splitDer(await readNv(turn, index)));
  return { kind, certificates };
}

export function noEkCertificate(kind: EndorsementKind): never {
  const { name, certificate } = KINDS[kind];
  throw new TeaError('notFound', `This TPM holds no certificate of its ${name} EK`, {
    expected: `NV index 0x${certificate.toString(16)}`,
    actual: 'no such index',
    next: 'use a TPM whose manufacturer put one there; a simulated one is made with `swtpm_setup --create-ek-cert`',
  });
}

async function readNv(turn: TpmTurn, nvIndex: number): Promise<Uint8Array> {
  const { nvPublic, nvName } = await turn.run(NvReadPublic, { nvIndex }, {});
  if (nvPublic.dataSize > MAX_CERTIFICATE_SIZE) {
    throw new TeaError('limit', 'This NV index is too large for a certificate', {
      expected: `at most ${MAX_CERTIFICATE_SIZE} bytes`,
      actual: `${nvPublic.dataSize} bytes`,
    });
  }
  const { capabilityData } = await turn.run(
    GetCapability,
    {},
    { capability: TPM_CAP.tpmProperties, property: TPM_PT_NV_BUFFER_MAX, propertyCount: 1 },
  );
  const [max] = capabilityData.capability === 'tpmProperties' ? capabilityData.properties : [];
  const chunk = max?.property === TPM_PT_NV_BUFFER_MAX ? Math.min(max.value, 1024) : 512;
  const index = { handle: nvIndex, name: nvName };
  const content = new Uint8Array(nvPublic.dataSize);
  for (let offset = 0; offset < content.length; offset += chunk) {
    const size = Math.min(chunk, content.length - offset);
    const { data } = await turn.run(NvRead, { authHandle: index, nvIndex: index }, { size, offset }, [password()]);
    content.set(data, offset);
  }
  return content;
}

/** Certificates one after another (X.690, 8.1.3: SEQUENCE with a two-byte length); manufacturers pad the index behind them. */
function splitDer(bytes: Uint8Array): Uint8Array[] {
  const certificates: Uint8Array[] = [];
  let offset = 0;
  while (bytes[offset] === 0x30 && bytes[offset + 1] === 0x82) {
    const end = offset + 4 + (((bytes[offset + 2] ?? 0) << 8) | (bytes[offset + 3] ?? 0));
    if (end > bytes.length) break;
    certificates.push(bytes.slice(offset, end));
    offset = end;
  }
  return certificates;
}
