/**
 * Stands for a release key where an image has none (`DEVELOPMENT_ACTOR_KEY`, protocol/actor-manifest.ts). Everybody has it, so it vouches for nothing but that
 * a manifest was made on purpose; a TEE that goes by it says so in what it measures and logs.
 */
const DEVELOPMENT_KEY: JsonWebKey = {
  kty: 'EC',
  crv: 'P-256',
  x: 'Aa7lDWdeT_2l_y1XALHfG7uRnmF5b2lXKhyhWjNKJQs',
  y: 'n822Ppc-GcAduFG2tLIkRwULA2Zm7O-bideuTalKA_Q',
  d: '7DgHhQLu8fmBVWnXSnwYfEzovJExd0H0CN8Zvd_v8RE',
};

export async function developmentSigningKey(): Promise<CryptoKey> {
  return crypto.subtle.importKey('jwk', DEVELOPMENT_KEY, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
}
