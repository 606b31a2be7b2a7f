import type { AppraisalPolicy, TrustClass } from '@tea/protocol';
import { printable } from './printable.ts';

const CLASSES: Readonly<Record<TrustClass, string>> = {
  simulated: 'simulated TPMs (software, or of an unknown maker): whoever owns such a machine can forge every claim and read every key',
  vtpm: 'virtual TPMs: whoever runs the cloud can read the memory',
  tpm: 'hardware TPMs: whoever owns the machine can read its memory, not its keys',
  'tpm+memory-encryption': 'hardware TPMs on machines that encrypt memory',
};

/** What a policy says, in sentences for the person who must agree to it; the warnings come first. */
export function explainPolicy(policy: AppraisalPolicy): string[] {
  const { name, version, acceptedClasses, roots, referenceValues, revocation, acceptance } = policy;
  const accepted = new Set<TrustClass>(acceptedClasses);
  const endorsed = new Set<TrustClass>(roots.map(({ trustClass }) => trustClass));
  const unreachable = acceptedClasses.filter((trustClass) => trustClass !== 'simulated' && !endorsed.has(trustClass));
  const refused = [...endorsed].filter((trustClass) => !accepted.has(trustClass));
  const reachable = acceptedClasses.some((trustClass) => trustClass === 'simulated' || endorsed.has(trustClass));
  const lines: (string | false)[] = [
    `Policy ${name}, version ${version}.`,
    !reachable && 'It accepts no node at all: for no class it accepts does it know an authority.',
    referenceValues.accept === 'signed' &&
      referenceValues.releaseKeys.length === 0 &&
      'It accepts no program at all: it wants signed reference values and names no release key. Copy it (tea policy show), and add the key of whoever releases the program, as its publisher or tea reference-values --key prints it, to referenceValues.releaseKeys: { "name": …, "key": … }.',
    accepted.has('simulated') && 'WARNING: it protects nothing from the owner of the machine, since it accepts simulated TPMs.',
    referenceValues.accept === 'unsigned' && 'WARNING: it accepts reference values nobody signed: use only those you computed yourself.',
    ...acceptedClasses.map((trustClass) => `It accepts ${CLASSES[trustClass]}.`),
    ...roots.map((root) => `It takes EK certificates that lead to ${root.name} (SHA-256 ${root.sha256.toHex()}) for class ${root.trustClass}.`),
    roots.length === 0 && 'It pins no TPM maker, so every TPM counts as simulated.',
    roots.length > 0 && unreachable.length > 0 && `It accepts ${unreachable.join(' and ')}, but pins no authority for it.`,
    refused.length > 0 && `It pins authorities for ${refused.join(' and ')}, which it does not accept.`,
    ...(referenceValues.accept === 'signed'
      ? [
          ...referenceValues.releaseKeys.map((key) => `It accepts programs whose reference values ${key.name} signed (key ${key.key.toHex()}).`),
          `It refuses reference values before issue ${referenceValues.minimumIssue}.`,
        ]
      : []),
    revocation === 'required'
      ? 'It accepts a TPM only when current revocation lists speak of every certificate of its chain.'
      : 'It looks at revocation lists when there are any, and accepts a TPM without.',
    acceptance === 'onLayer1'
      ? 'It accepts only software that layer 1 accepts at that moment.'
      : 'It does not ask for layer 1’s acceptance of the software; what layer 1 revoked is refused all the same.',
    'Whatever it says: signatures, freshness, key attributes, what the keys are bound to and the event log are always checked.',
  ];
  return lines.filter((line) => line !== false).map(printable);
}
