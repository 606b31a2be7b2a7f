import { mkdir, readFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '@nats-io/transport-node';
import {
  concatBytes,
  decodeReply,
  evidenceDigest,
  encodeCbor,
  EVIDENCE_PCRS,
  challengeAnswer,
  fromHex,
  isTeaError,
  MODULE_QUOTE_PCRS,
  modulesDigest,
  nodeSubject,
  oneChunk,
  sha256,
  TeaError,
} from '@tea/protocol';
import { busError, connectionOptions, natsBus } from '@tea/protocol/bus';
import { ipfsClient } from '@tea/protocol/ipfs';
import { layer1Provider } from '@tea/protocol/layer1';
import { openLedger, openReleaseLibrary, readActiveNodes } from '@tea/protocol/ledger';
import { keyFits } from '@tea/protocol/sealed';
import { publicKeyFromPublicArea } from '@tea/protocol/tpm';
import { runProcess } from '@tea/platform';
import { actorProviders, openHpke, type HpkeRecipient } from '@tea/providers';
import { openResourceManager, openTeeTpm } from '@tea/tpm';
import { GUEST_LIMITS, type GuestJob, type GuestResult, openGuestThread } from '@tea/wasm';
import { openModuleLog } from './actors/module-log.ts';
import { type BundledActor, openSystemActor } from './actors/system-actors.ts';
import { openAttester } from './attester.ts';
import { startCalls } from './calls/start-calls.ts';
import { appraiseNode, FRESH_BLOCKS } from './committee.ts';
import { startDuties } from './duties.ts';
import { startErrandEngine } from './errand-engine.ts';
import { fetchParts } from './fetch-parts.ts';
import { deriveAccount } from './identity.ts';
import { openJoinEvidence } from './join-evidence.ts';
import { keepAdmitted } from './keep-admitted.ts';
import { startLots } from './lots.ts';
import { serveNode } from './node-service.ts';
import { ownReferenceValues } from './own-measurements.ts';
import { openOwnSoftware } from './own-software.ts';
import { openReceiptBatches } from './receipt-batches.ts';
import { generateReceiptKey } from './receipt-key.ts';
import { requireNoOlderStart } from './last-start.ts';
import { releasableErrand } from './releasable-errand.ts';
import { openReleaseDesk } from './release-desk.ts';
import { openRememberedState } from './rollback-guard.ts';
import { runErrand } from './run-errand.ts';
import { runPlaces } from './run-places.ts';
import { keptKeyStore, receiveStart } from './start.ts';
import { swapAreas } from './swap.ts';

/** The sandboxed guest runner, put here by the bundler so that one measured file holds all that runs in the TEE. */
declare const TEA_GUEST_RUNNER_SOURCE: string;
/** And the thread that starts such runners. */
declare const TEA_GUEST_THREAD_SOURCE: string;
/** The same for system actors, and what of them is built in. */
declare const TEA_ACTOR_RUNNER_SOURCE: string;
declare const TEA_SYSTEM_ACTORS: readonly BundledActor[];
/** Put here by the bundler as well, and measured with the rest: whose approval lets another image open what this one sealed. */
declare const TEA_IMAGE_RELEASE: { readonly key: string; readonly issue: number } | null;

/** Of a guest that finds a sandbox waiting: its module eight times, stdin and data. Larger ones start their own. */
const SPARE_INPUT_BYTES = 256 * 1024 * 1024;
/** A sealed content's header: enough to tell whether a key fits. */
const SEALED_HEADER_BYTES = 76;

await runProcess('tee-runtime', async (signal) => {
  const start = await receiveStart(signal);
  await mkdir(start.stateDir, { recursive: true, mode: 0o700 });
  const swap = swapAreas(await readFile('/proc/swaps', 'utf8').catch(() => ''));
  if (swap.length > 0) log(`keys in memory may be written to swap (${swap.join(', ')}): turn it off (swapoff -a), or encrypt it`);
  await using parts = new AsyncDisposableStack();
  const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

  const connection = await connect(connectionOptions(start.nats, 'tee')).catch((error: unknown) => {
    throw busError(error, 'Connecting to the bus');
  });
  parts.defer(() => connection.close());
  const ledger = parts.use(
    await openLedger(layer1Provider({ bus: natsBus(connection, start.nats.inboxPrefix) }), {
      ...(start.genesis && { genesis: fromHex(start.genesis, 32) }),
    }),
  );
  const ipfs = ipfsClient(connection);
  const sharedTpm = parts.use(await openResourceManager({ connect: start.connectTpm }));
  const release = TEA_IMAGE_RELEASE && { publicPoint: Uint8Array.fromHex(TEA_IMAGE_RELEASE.key), approvals: start.imageApprovals };
  const { stateDir, endorsementKey } = start;
  const state = keptKeyStore(start);
  const tpm = parts.use(await openTeeTpm({ transport: sharedTpm.open(), state, endorsementKey, signal, ...(release && { release }) }));
  const secret = await tpm.stateSecret();
  const remembered = await openRememberedState({ stateDir, keep: start.keep, secret, counter: tpm.counter, random });
  await requireNoOlderStart(remembered, { chain: ledger.genesis, block: ledger.blockNumber(), issue: TEA_IMAGE_RELEASE?.issue ?? 0 });

  const recipient = sealingRecipient(publicKeyFromPublicArea(tpm.sealingKey.publicArea), (point) => tpm.ecdhZ(point));
  const account = deriveAccount(secret);
  const { eventLog } = start;
  const referenceValues = ownReferenceValues(start.mode, eventLog, await tpm.readPcrs(EVIDENCE_PCRS));
  const receiptKey = await generateReceiptKey();
  const chain = ledger.genesis;
  const attester = await openAttester({
    tpm,
    chain,
    account: account.publicKey,
    receiptKey,
    eventLog,
    caCertificates: start.caCertificates,
  });
  const { node } = attester;

  const modules = await openModuleLog(tpm, stateDir);
  const guests = parts.use(
    openGuestThread({
      size: { ...GUEST_LIMITS, inputBytes: SPARE_INPUT_BYTES },
      runnerSource: new TextEncoder().encode(TEA_GUEST_RUNNER_SOURCE),
      threadSource: TEA_GUEST_THREAD_SOURCE,
      // Then each errand starts its own, or says why it can't.
      onNoSpare: (error) => log('no sandbox could be started ahead', error),
    }),
  );
  async function runMeasured(job: GuestJob, ending: AbortSignal): Promise<GuestResult> {
    await modules.measure({ contentType: 'tea.guest', content: { sha256: sha256(job.module) } });
    return guests.run(job, ending);
  }
  const releases = openReleaseLibrary({ ledger, ipfs });
  const releaseKey = release?.publicPoint ?? null;
  const ownSoftware = openOwnSoftware({ releases, eventLog, releaseKey, now: () => new Date() });
  const circumstances = async () => ({ boot: await tpm.boot(), software: await ownSoftware() });
  /** One every fifty blocks at most. */
  const ourEvidence = new Set<string>();
  const joinEvidence = openJoinEvidence({
    freshBlocks: FRESH_BLOCKS,
    blockNumber: ledger.blockNumber,
    publish: async () => {
      const { hash, number } = await ledger.client.getFinalizedBlock();
      const under = await circumstances(); // read before the quote: what changes in between is cause to renew
      const evidence = await attester.attest({ purpose: 'join', errand: null, nonce: fromHex(hash) });
      const { cid } = await ipfs.add(oneChunk(evidence));
      const made = { cid, digest: evidenceDigest(evidence), atBlock: number };
      ourEvidence.add(made.digest.toHex());
      admission.published(made, under);
      return made;
    },
  });
  const admission = parts.use(
    keepAdmitted({
      ledger,
      node,
      signer: account.signer,
      circumstances,
      publish: () => joinEvidence('anew'),
      log: (event, error) => log(`this node: ${event}`, error),
    }),
  );

  const batches = parts.use(
    openReceiptBatches({
      key: receiptKey,
      chain,
      quote: (qualifyingData) => tpm.quote(qualifyingData),
      delay: (delayMs, stop) => delay(delayMs, undefined, { signal: stop }).catch(() => undefined),
      fraction: Math.random,
      gatherMs: start.receiptGatherMs,
    }),
  );
  const desk = openReleaseDesk({
    chain,
    node,
    blockNumber: ledger.blockNumber,
    errand: (id) => releasableErrand(ledger, node, id),
    open: (enc, info, ciphertext) => openHpke(recipient, enc, info, ciphertext),
    checkKey: async (content, key) => {
      if (await keyFits(await firstBytes(ipfs.cat(content.cid, { maxBytes: Number.MAX_SAFE_INTEGER }), SEALED_HEADER_BYTES), key)) return;
      throw new TeaError('wrongKey', 'This key does not open the content it was released for', {
        expected: `the key that ${content.cid} was sealed with`,
        actual: 'another key',
        next: 'release again with the right key',
      });
    },
  });
  parts.use(
    startErrandEngine({
      places: runPlaces({ memoryBytes: Math.min(totalmem(), process.constrainedMemory() || totalmem()), processors: availableParallelism() }),
      ledger,
      ipfs,
      attester,
      signer: account.signer,
      desk,
      fetch: (wanted, ending) => fetchParts(wanted, ipfs, AbortSignal.any([signal, ending])),
      run: (request, fetched) =>
        runErrand(request, fetched, {
          chain,
          node,
          ipfs,
          limits: GUEST_LIMITS,
          runGuest: (job, ending) => runMeasured(job, AbortSignal.any([signal, ending])),
          delay: (ms) => delay(ms, undefined, { signal }),
          sealReceipt: (receipt) => batches.seal(receipt),
        }),
      log: (event, errand, error) => log(`errand ${errand}: ${event}`, error),
    }),
  );
  const activeNodes = parts.use(
    openSystemActor('active-nodes', {
      bundled: TEA_SYSTEM_ACTORS,
      manifests: start.actorManifests,
      releaseKey: release?.publicPoint ?? null,
      providers: actorProviders({
        chain,
        node,
        key: receiptKey.privateKey,
        nowMs: Date.now,
        random,
        activeNodes: () => readActiveNodes(ledger),
        ask: async (to, message, timeout) => (await connection.request(nodeSubject(to, 'ping'), message, { timeout })).data,
        cat: (cid, options) => ipfs.cat(cid, options),
      }),
      modules,
      runner: { runnerSource: new TextEncoder().encode(TEA_ACTOR_RUNNER_SOURCE) },
      nowMs: Date.now,
      after: (delayMs, then, ending) => void delay(delayMs, undefined, { signal: AbortSignal.any([signal, ending]) }).then(then, () => undefined),
      log,
      signal,
    }),
  );
  parts.use(
    serveNode({
      connection,
      node,
      info: async (operator) => ({
        node,
        account: account.publicKey,
        evidenceCid: (await joinEvidence()).cid,
        consent: operator && account.consent(chain, node, operator),
      }),
      activate: ({ credentialBlob, encryptedSecret }) => tpm.activateCredential(credentialBlob, encryptedSecret),
      activeList: (nonce) => activeNodes.request(nonce ?? new Uint8Array()),
      modules: async (nonce) => {
        const quote = await tpm.quote(modulesDigest(chain, node, nonce), MODULE_QUOTE_PCRS);
        return { log: modules.logOf(quote.pcrs), quote };
      },
      release: (bytes) => desk.accept(bytes),
      onFailure: (request, correlation, error) => log(`${request} ${correlation} failed`, error),
    }),
  );
  parts.use(
    await startCalls({
      connection,
      ledger,
      ipfs,
      node,
      signer: account.signer,
      receiptKey,
      batches,
      isOurEvidence: (digest) => ourEvidence.has(digest.toHex()),
      runGuest: (job) => runMeasured(job, signal),
      random,
      log: (event, error) => log(`calls: ${event}`, error),
    }),
  );
  parts.use(
    startDuties({
      ledger,
      node,
      signer: account.signer,
      appraise: async (candidate) => {
        const { verdict } = await appraiseNode(candidate, {
          ledger,
          ipfs,
          signer: account.signer,
          referenceValues,
          releases,
          releaseKey,
          challenge: async (to, request) => {
            const reply = await connection.request(nodeSubject(to, 'challenge'), encodeCbor({ ...request }), { timeout: 10_000 });
            return decodeReply(reply.data, challengeAnswer, 'answer to a challenge').secret;
          },
          random,
          now: () => new Date(),
        });
        log(`appraised ${candidate.toHex().slice(0, 8)}…: ${verdict}`);
      },
      log,
    }),
  );
  parts.use(startLots({ ledger, node, account, log }));
  await connection.flush(); // until then the server may know none of the subscriptions
  start.ready({ node: node.toHex(), account: account.publicKey.toHex() });
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
});

function sealingRecipient(key: ReturnType<typeof publicKeyFromPublicArea>, ecdh: HpkeRecipient['ecdh']): HpkeRecipient {
  if (key.type !== 'ecc') throw new TeaError('internal', 'The sealing key is no elliptic-curve key');
  return { publicPoint: key.point, ecdh };
}

async function firstBytes(source: AsyncIterable<Uint8Array>, length: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let total = 0;
  for await (const piece of source) {
    pieces.push(piece);
    total += piece.length;
    if (total >= length) break;
  }
  return concatBytes(...pieces).subarray(0, length);
}

/** Facts for the operator; the host reads this, so nothing here may be secret. */
function log(event: string, error?: unknown): void {
  const why =
    error === undefined ? '' : `: ${isTeaError(error) ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  process.stderr.write(`tee-runtime: ${event}${why}\n`);
}
