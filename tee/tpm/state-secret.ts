import { sha256 } from '@tea/protocol';
import { decodePublicArea, pcrDigest, policyPcrDigest } from '@tea/protocol/tpm';
import { password } from './authorization.ts';
import type { BusSession } from './bus-session.ts';
import { EcdhZGen } from './commands/cryptography.ts';
import { CreatePrimary } from './commands/objects.ts';
import { creationParameters, stateKey } from './key-templates.ts';
import { readPcrs, sha256Pcrs } from './pcrs.ts';
import { type ReleaseAuthority, releasePolicy, releasePolicySession } from './release-policy.ts';
import { pcrPolicySession } from './session.ts';
import { TPM_RH, type TpmTurn } from './tpm.ts';

const DOMAIN = new TextEncoder().encode('tea/state-secret/1');

/**
 * A secret of this TPM and this software: the same after every start, also of another image that the release key approved, and of no use
 * to any other. It is the state key's shared secret with itself (x of k²G), which only the holder of k computes: whoever knows the public
 * key, as the host does, can neither learn what it seals nor seal anything under it. The key derives from the TPM's seed and its own policy.
 * @param release without one, this very image only
 */
export async function readStateSecret(
  turn: TpmTurn,
  bus: BusSession,
  pcrs: readonly number[],
  release: ReleaseAuthority | undefined,
): Promise<Uint8Array> {
  const template = stateKey(release ? releasePolicy(release.publicPoint) : await policyOfThisImage(turn, pcrs));
  return bus.protect(turn, async (session) => {
    // The session vouches for the public area too.
    const made = await turn.run(CreatePrimary, { primaryHandle: TPM_RH.owner }, creationParameters(template), [password(), session]);
    turn.flushAfter(made.objectHandle);
    const policy = release ? await releasePolicySession(turn, pcrs, release) : await pcrPolicySession(turn, sha256Pcrs(pcrs));
    const area = decodePublicArea(made.outPublic);
    const inPoint = area.type === 'ecc' ? area.unique : { x: new Uint8Array(0), y: new Uint8Array(0) };
    const keyHandle = { handle: made.objectHandle, name: made.name };
    const { outPoint } = await turn.run(EcdhZGen, { keyHandle }, { inPoint }, [policy, session]);
    const x = new Uint8Array(32);
    x.set(outPoint.x, 32 - outPoint.x.length);
    const secret = sha256(DOMAIN, x);
    for (const done of [x, outPoint.x, outPoint.y]) done.fill(0);
    return secret;
  });
}

async function policyOfThisImage(turn: TpmTurn, pcrs: readonly number[]): Promise<Uint8Array> {
  const values = await readPcrs(turn, pcrs);
  return policyPcrDigest(sha256Pcrs(pcrs), pcrDigest(values.map(({ digest }) => digest)));
}
