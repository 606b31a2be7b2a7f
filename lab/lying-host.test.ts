import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonRpcProvider } from 'polkadot-api';
import { connectNats } from '@tea/host-nats';
import { natsBus } from '@tea/protocol/bus';
import { layer1Provider } from '@tea/protocol/layer1';
import { openLedger } from '@tea/protocol/ledger';
import { developmentAccount, ss58 } from '@tea/sdk';
import { startTestLayer1 } from './test-layer1.ts';

test('never asks the host what the bytes that get signed mean', async () => {
  await using layer1 = await startTestLayer1();
  const credentials = layer1.nats.credentials('client');
  const connection = await connectNats(credentials);
  const honest = layer1Provider({ bus: natsBus(connection, credentials.inboxPrefix) });
  const asked: string[] = [];
  const listening: JsonRpcProvider = (onMessage) => {
    const { send, disconnect } = honest(onMessage);
    return { send: (request) => (asked.push(JSON.stringify(request)), send(request)), disconnect };
  };
  {
    await using ledger = await openLedger(listening);
    const to = { dest: { type: 'Id' as const, value: ss58(developmentAccount('Bob').publicKey) }, value: 1n };
    await ledger.submit(ledger.api.tx.Balances.transfer_keep_alive(to), developmentAccount('Alice').signer);
  }
  await connection.close();
  assert.ok(asked.length > 0);
  assert.deepEqual(
    asked.filter((request) => request.includes('Metadata_')),
    [],
  );
});
