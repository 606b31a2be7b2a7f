export * from './bytes.ts';
export * from './cbor.ts';
export * from './errors.ts';
export * from './node-api.ts';
export * from './reply.ts';
export * from './randomness.ts';
export * from './subjects.ts';
