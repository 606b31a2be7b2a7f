/** The last few blocks read: a block is asked for in pieces, and by several readers. One read at a time for each. */
export function blockCache(read: (cid: string) => Promise<Uint8Array>, capacity = 16): (cid: string) => Promise<Uint8Array> {
  const cached = new Map<string, Promise<Uint8Array>>();
  return (cid) => {
    const block = cached.get(cid) ?? read(cid);
    block.catch(() => cached.delete(cid));
    cached.delete(cid); // to the end: the oldest is first
    cached.set(cid, block);
    for (const oldest of cached.keys()) {
      if (cached.size <= capacity) break;
      cached.delete(oldest);
    }
    return block;
  };
}
