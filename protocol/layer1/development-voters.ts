import { toHex } from '../bytes.ts';
import type { GrandpaAuthority } from './authority-sets.ts';

/** Public keys of `//Alice`, `//Bob`, `//Charlie`, `//Dave`, `//Eve`, `//Ferdie` (ed25519, sp-keyring): everybody has their secret keys. */
const DEVELOPMENT_VOTERS: ReadonlySet<string> = new Set([
  '88dc3417d5058ec4b4503e0c12ea1a0a89be200fe98922423d4334014fa6b0ee',
  'd17c2d7823ebf260fd138f2d7e27d114c0145d968b5ff5006125f2414fadae69',
  '439660b36c6c03afafca027b910b4fecf99801834c62a5e6006f27d978de234f',
  '5e639b43e0052c47447dac87d6fd2b6ec50bdd4d0f614e4299c665249bbd09d9',
  '1dfe3e22cc0d45c70779c1095f7489a8ef3cf52d62fbd8c2fa38c9f1723502b5',
  '568cb4a574c6d178feb39c27dfc8b3f789e5f5423e19c71633c748b9acf086b5',
]);

/**
 * Whether a third or more of the weight votes with keys that everybody has: then no vote shows that a network agreed, for GRANDPA is safe only
 * with less than a third of traitors.
 */
export function votesOfAnybody(authorities: readonly GrandpaAuthority[]): boolean {
  let [known, total] = [0n, 0n];
  for (const { id, weight } of authorities) {
    total += weight;
    if (DEVELOPMENT_VOTERS.has(toHex(id))) known += weight;
  }
  return known * 3n >= total;
}
