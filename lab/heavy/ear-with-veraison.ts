import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { appraise, earOf, signEar, veraisonEarOf } from '@tea/attestation';
import { requireTool } from '@tea/platform';
import type { AttestationResult } from '@tea/protocol';
import { honestNode, inputFor } from '../../attestation/testing/scenario.ts';

/**
 * A heavy job, for it takes Go and its modules: `github.com/veraison/ear`, the library of Project Veraison, verifies what `signEar` signed, and reads the
 * status, vector and policy out of it that went in; its own rule for the status changes nothing. It refuses a changed byte, another key and, for now,
 * the draft's own profile. What was built is kept in `~/.cache/tea/oracles`.
 *
 *     node lab/heavy/ear-with-veraison.ts
 */
const directory = join(homedir(), '.cache', 'tea', 'oracles', 'veraison-ear');
const MODULE = ['module oracle', 'go 1.23.0', 'require github.com/veraison/ear v1.1.3', 'require github.com/lestrrat-go/jwx/v3 v3.0.8'].join('\n');
/** Reads tokens, one a line, with a P-256 key in PEM; answers each with the claims in JSON, or with why it refused it. */
const PROGRAM = `package main

import (
	"bufio"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/veraison/ear"
)

func main() {
	block, _ := pem.Decode([]byte(os.Args[1]))
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		panic(err)
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var result ear.AttestationResult
		if err := result.Verify(lines.Bytes(), jwa.ES256(), key); err != nil {
			fmt.Printf("{\\"refused\\":%q}\\n", err.Error())
			continue
		}
		if _, err := result.MarshalJSON(); err != nil { // validates, which Verify does not
			fmt.Printf("{\\"refused\\":%q}\\n", err.Error())
			continue
		}
		before, _ := json.Marshal(result)
		result.UpdateStatusFromTrustVector()
		after, _ := json.Marshal(result)
		fmt.Printf("{\\"before\\":%s,\\"after\\":%s}\\n", before, after)
	}
}
`;

type Answer = { readonly refused?: string; readonly before?: VerifiedEar; readonly after?: VerifiedEar };
type VerifiedEar = { readonly submods: Readonly<Record<string, Readonly<Record<string, unknown>>>> };

requireTool('go', 'golang-go');
await mkdir(directory, { recursive: true });
await writeFile(join(directory, 'go.mod'), MODULE);
await writeFile(join(directory, 'main.go'), PROGRAM);
run('go', ['mod', 'tidy']);
run('go', ['build', '-o', 'oracle', '.']);

const { publicKey, privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
const node = await honestNode();
const { result: simulated } = await appraise(inputFor(node));
const { result: hardware } = await appraise({ ...inputFor(node), policy: node.pinnedPolicy });
const failed = hardware.claims.map(({ id }): AttestationResult => ({
  ...hardware,
  verdict: 'contraindicated',
  claims: hardware.claims.map((claim) => (claim.id === id ? { ...claim, ok: false } : claim)),
}));
const results = [hardware, simulated, ...failed];
const tokens = await Promise.all(results.map((result) => signEar(veraisonEarOf(result, '1'), privateKey)));
const [honest = ''] = tokens;
const at = honest.indexOf('.') + 20;
const changed = `${honest.slice(0, at)}${honest[at] === 'A' ? 'B' : 'A'}${honest.slice(at + 1)}`;
const other = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
const foreign = await signEar(veraisonEarOf(hardware, '1'), other.privateKey);
const draft = await signEar(earOf(hardware, '1'), privateKey);

const pem = `-----BEGIN PUBLIC KEY-----\n${new Uint8Array(await crypto.subtle.exportKey('spki', publicKey)).toBase64()}\n-----END PUBLIC KEY-----\n`;
const answers = run(join(directory, 'oracle'), [pem], [...tokens, changed, foreign, draft].join('\n'))
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Answer);

let wrong = 0;
for (const [index, result] of results.entries()) {
  const ours = veraisonEarOf(result, '1').submods['tea-runtime'];
  const before = answers[index]?.before?.submods['tea-runtime'];
  const after = answers[index]?.after?.submods['tea-runtime'];
  const same = (['ear.status', 'ear.appraisal-policy-id'] as const).every((name) => before?.[name] === ours[name] && after?.[name] === ours[name]);
  const vector = Object.entries(ours['ear.trustworthiness-vector']).every(([name, value]) => {
    const read = before?.['ear.trustworthiness-vector'];
    return value === 0 || (read as Readonly<Record<string, number>> | undefined)?.[name] === value;
  });
  if (!same || !vector) wrong++;
  if (!same || !vector) process.stdout.write(`read otherwise: ${JSON.stringify(answers[index])}\n`);
}
const refusals = answers.slice(results.length);
for (const [place, what] of ['a changed byte', 'another key', 'the profile of the draft'].entries()) {
  const refused = refusals[place]?.refused;
  if (refused === undefined) wrong++;
  process.stdout.write(`${what}: ${refused ?? 'taken'}\n`);
}
process.stdout.write(`${results.length} results of ours verified by veraison/ear v1.1.3 as they were meant, ${wrong} wrong\n`);
process.exitCode = wrong === 0 ? 0 : 1;

/** @returns what it printed */
function run(command: string, args: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: directory, input, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${command} ${args[0] ?? ''} ended with ${status}: ${stderr}`);
  return stdout;
}
