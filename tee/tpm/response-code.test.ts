import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { findTool } from '@tea/platform';
import { describeResponseCode, tpmError } from './response-code.ts';

const oracle = findTool('tpm2_rc_decode');

describe('a TPM response code', () => {
  const known: readonly [code: number, name: string, about: string | undefined][] = [
    [0x99d, 'TPM_RC_POLICY_FAIL', 'session 1'],
    [0x98e, 'TPM_RC_AUTH_FAIL', 'session 1'],
    [0x12f, 'TPM_RC_AUTH_UNAVAILABLE', undefined],
    [0x100, 'TPM_RC_INITIALIZE', undefined],
    [0x1df, 'TPM_RC_INTEGRITY', 'parameter 1'],
    [0x18b, 'TPM_RC_HANDLE', 'handle 1'],
    [0x28b, 'TPM_RC_HANDLE', 'handle 2'],
    [0x1e7, 'TPM_RC_ECC_POINT', 'parameter 1'],
    [0x902, 'TPM_RC_OBJECT_MEMORY', undefined],
    [0x921, 'TPM_RC_LOCKOUT', undefined],
    [0x128, 'TPM_RC_PCR_CHANGED', undefined],
    [0x101, 'TPM_RC_FAILURE', undefined],
  ];
  for (const [code, name, about] of known) {
    it(`0x${code.toString(16)} is ${name}${about === undefined ? '' : ` for ${about}`}`, () => {
      assert.deepEqual(describeResponseCode(code), { name, about });
    });
  }

  it('is an error that names the command, the code and what to do', () => {
    const error = tpmError('TPM2_ECDH_ZGen', 0x99d);
    assert.equal(error.code, 'tpm');
    assert.match(error.message, /TPM2_ECDH_ZGen was refused: .* got TPM_RC_POLICY_FAIL \(0x99D\) for session 1\. Next: the PCRs are not/);
    assert.equal(error.details['response'], 'TPM_RC_POLICY_FAIL');
  });

  it('of the kernel says that a layer above the TPM refused', () => {
    assert.match(tpmError('TPM2_Quote', 0xb0143).message, /refused by layer 0xb above the TPM: .* TPM_RC_COMMAND_CODE/);
  });

  it('that nobody knows is shown as its number', () => {
    assert.deepEqual(describeResponseCode(0x97f), { name: '0x97F', about: undefined });
  });

  it('has the name that tpm2-tools give it', { skip: oracle === undefined && 'needs tpm2-tools' }, () => {
    const codes = [0x100, 0x101, 0x128, 0x12f, 0x14a, 0x902, 0x903, 0x921, 0x922, 0x182, 0x1c4, 0x1d5, 0x1df, 0x99d, 0x9a2, 0x1a7];
    const named = execFileSync('sh', ['-c', codes.map((code) => `${oracle} 0x${code.toString(16)} 2>&1`).join(';')], { encoding: 'utf8' });
    const texts = named.trim().split('\n');
    assert.equal(texts.length, codes.length, named);
    const hints: Readonly<Record<string, RegExp>> = {
      TPM_RC_INITIALIZE: /not initialized/,
      TPM_RC_FAILURE: /because of a TPM failure/,
      TPM_RC_PCR_CHANGED: /PCR have changed/,
      TPM_RC_AUTH_UNAVAILABLE: /authValue or authPolicy is not available/,
      TPM_RC_NV_UNINITIALIZED: /NV Index is used before being initialized/,
      TPM_RC_OBJECT_MEMORY: /out of memory for object contexts/,
      TPM_RC_SESSION_MEMORY: /out of memory for session contexts/,
      TPM_RC_LOCKOUT: /DA lockout/,
      TPM_RC_RETRY: /not able to start the command/,
      TPM_RC_ATTRIBUTES: /inconsistent attributes/,
      TPM_RC_VALUE: /value is out of range/,
      TPM_RC_SIZE: /structure is the wrong size/,
      TPM_RC_INTEGRITY: /integrity check failed/,
      TPM_RC_POLICY_FAIL: /policy check failed/,
      TPM_RC_BAD_AUTH: /authorization failure/,
      TPM_RC_ECC_POINT: /not on the required curve/,
    };
    for (const [index, code] of codes.entries()) {
      const { name } = describeResponseCode(code);
      assert.match(texts[index] ?? '', hints[name] ?? /^no such name$/, `${name} for 0x${code.toString(16)}`);
    }
  });
});
