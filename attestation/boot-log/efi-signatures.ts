import { sha256 } from '@tea/protocol';
import { decodeCertificate } from '../certificate.ts';
import { readDer } from '../der.ts';
import { attributesOfName } from '../der-values.ts';
import { LittleEndianReader } from './little-endian.ts';

/** What a key database (PK, KEK, db, dbx) holds: certificates by subject, and digests of allowed or forbidden images. */
export type EfiSignature =
  | { readonly kind: 'certificate'; readonly subject: string; readonly sha256: Uint8Array; readonly owner: string }
  | { readonly kind: 'digest'; readonly algorithm: string; readonly digest: Uint8Array; readonly owner: string }
  | { readonly kind: 'other'; readonly type: string; readonly owner: string };

const CERT_X509 = 'a5c059a1-94e4-4aa7-87b5-ab155c2bf072';
const DIGESTS: Readonly<Record<string, string>> = {
  'c1c41626-504c-4092-aca9-41f936934328': 'sha256',
  '826ca512-cf10-4ac9-b187-be01496631bd': 'sha1',
  'ff3e5307-9fd0-48c9-85f1-8ad56c701e01': 'sha384',
  '093e0fae-a6c4-4f50-9f1b-d41e2b89c19a': 'sha512',
};
const MAX_SIGNATURES = 4096;

/** EFI_SIGNATURE_LISTs, UEFI 2.10, 32.4.1. @throws TeaError `badMessage` */
export function decodeSignatureLists(bytes: Uint8Array): EfiSignature[] {
  const reader = new LittleEndianReader(bytes, 'list of EFI signatures');
  const signatures: EfiSignature[] = [];
  while (reader.remaining > 0) {
    const type = reader.guid();
    const listSize = reader.uint32();
    const headerSize = reader.uint32();
    const signatureSize = reader.uint32();
    if (listSize < 28) throw reader.refuse('a list of at least 28 bytes', String(listSize));
    const list = new LittleEndianReader(reader.bytes(listSize - 28), 'list of EFI signatures');
    list.bytes(headerSize);
    if (signatureSize < 16 || list.remaining % signatureSize !== 0)
      throw reader.refuse('whole signatures', `${list.remaining} bytes of ${signatureSize}`);
    while (list.remaining > 0) {
      if (signatures.length >= MAX_SIGNATURES) throw reader.refuse(`at most ${MAX_SIGNATURES} signatures`, 'more');
      const owner = list.guid();
      signatures.push(decodeSignature(type, owner, list.bytes(signatureSize - 16)));
    }
  }
  return signatures;
}

/** EFI_SIGNATURE_DATA of an image's authority: an owner, then its certificate; shim leaves out the owner. @throws TeaError `badMessage` */
export function decodeAuthority(bytes: Uint8Array): EfiSignature {
  if (bytes[0] === 0x30 && bytes[1] === 0x82) return decodeSignature(CERT_X509, '', bytes);
  const reader = new LittleEndianReader(bytes, 'EFI signature');
  const owner = reader.guid();
  return decodeSignature(CERT_X509, owner, reader.rest());
}

export function describeSignature(signature: EfiSignature): string {
  switch (signature.kind) {
    case 'certificate':
      return `certificate ${signature.subject}`;
    case 'digest':
      return `${signature.algorithm} ${signature.digest.toHex()}`;
    case 'other':
      return `signature of type ${signature.type}`;
  }
}

function decodeSignature(type: string, owner: string, data: Uint8Array): EfiSignature {
  const algorithm = DIGESTS[type];
  if (algorithm !== undefined) return { kind: 'digest', algorithm, digest: data, owner };
  return type === CERT_X509 ? { kind: 'certificate', subject: subjectOf(data), sha256: sha256(data), owner } : { kind: 'other', type, owner };
}

const COMMON_NAME = '2.5.4.3';
const ORGANISATIONAL_UNIT = '2.5.4.11';

/** A name for people; firmware holds certificates of every quality, so one that does not decode is shown by its digest. */
function subjectOf(der: Uint8Array): string {
  try {
    const attributes = attributesOfName(readDer(decodeCertificate(der).subject));
    const known =
      attributes.find(({ type }) => type === COMMON_NAME) ?? attributes.find(({ type }) => type === ORGANISATIONAL_UNIT) ?? attributes.at(-1);
    return known?.text ?? 'without a name';
  } catch {
    return `that does not decode, SHA-256 ${sha256(der).toHex()}`;
  }
}
