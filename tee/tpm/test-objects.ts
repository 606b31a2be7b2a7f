import { type ObjectAttributes, type PublicArea, TPMA_OBJECT } from '@tea/protocol/tpm';

const NONE = new Uint8Array(0);

export function attributesOf(...set: readonly (keyof ObjectAttributes)[]): ObjectAttributes {
  return Object.fromEntries(Object.keys(TPMA_OBJECT).map((name) => [name, (set as readonly string[]).includes(name)])) as ObjectAttributes;
}

/** Data that its authValue opens (a keyedHash object without a scheme). */
export const SEALED_DATA: PublicArea = {
  type: 'keyedHash',
  nameAlg: 'sha256',
  attributes: attributesOf('fixedTPM', 'fixedParent', 'userWithAuth', 'noDA'),
  authPolicy: NONE,
  parameters: { scheme: { scheme: 'null' } },
  unique: NONE,
};
