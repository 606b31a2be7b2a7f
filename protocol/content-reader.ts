/** Bytes that are nowhere held whole: read in any order and as often as one likes, always the same. */
export type ContentReader = {
  readonly sizeBytes: number;
  /** @returns the bytes from `offset` on, `length` of them or as many as there are */
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
};
