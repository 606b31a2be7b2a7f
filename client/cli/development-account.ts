import { equalBytes, TeaError } from '@tea/protocol';
import { developmentAccount, DEVELOPMENT_ACCOUNTS, type Account } from '@tea/sdk';

/** The account with this public key, as far as it is one that everybody has. @param who it is, for a person @throws TeaError `refused` */
export function developmentAccountOf(publicKey: Uint8Array, who: string, next: string): Account {
  const account = DEVELOPMENT_ACCOUNTS.map(developmentAccount).find((each) => equalBytes(each.publicKey, publicKey));
  if (account !== undefined) return account;
  throw new TeaError('refused', `The key of ${who} is not here`, {
    expected: `the key of ${publicKey.toHex()}`,
    actual: 'development accounts alone',
    next,
  });
}
