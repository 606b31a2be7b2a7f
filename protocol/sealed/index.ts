import type { RandomBytes } from '../randomness.ts';
/** Sealed content, docs/sealed-content.md. Implementation follows. */
export type SealOptions = { readonly random?: RandomBytes; readonly signal?: AbortSignal };
export type OpenOptions = { readonly signal?: AbortSignal };
export declare const CONTENT_KEY_BYTES: 32;
/** Header plus tags: how long the sealed form of `plainBytes` bytes is. */
export declare function sealedSize(plainBytes: number): number;
export declare function isSealed(start: Uint8Array): boolean;
export declare function sealContent(source: AsyncIterable<Uint8Array>, key: Uint8Array, options?: SealOptions): AsyncIterable<Uint8Array>;
export declare function openContent(source: AsyncIterable<Uint8Array>, key: Uint8Array, options?: OpenOptions): AsyncIterable<Uint8Array>;
export declare function sealBytes(plain: Uint8Array, key: Uint8Array, options?: SealOptions): Promise<Uint8Array>;
export declare function openBytes(sealed: Uint8Array, key: Uint8Array, options?: OpenOptions): Promise<Uint8Array>;
/** Whether `key` opens the content that starts with these bytes (76 are enough): no plaintext is made. */
export declare function keyFits(start: Uint8Array, key: Uint8Array): Promise<boolean>;
export declare function generateContentKey(random?: RandomBytes): Uint8Array;
/** `TEA-KEY-…`, to be printed and typed by a person. */
export declare function formatContentKey(key: Uint8Array): string;
/** @throws TeaError `badInput` naming the group with the mistake, never quoting it */
export declare function parseContentKey(text: string): Uint8Array;
