import { appraise } from '@tea/attestation';
import { provenErrand } from '../../attestation/testing/proven-errand.ts';
import { honestNode, inputFor } from '../../attestation/testing/scenario.ts';

/** Two honest nodes and a settled errand on the first, for the attacks to change one thing about. */
export const [honest, other] = await Promise.all([honestNode(), honestNode()]);
export const { proof, receipt } = await provenErrand(honest);
export const { proof: foreignProof } = await provenErrand(other);

const appraisal = await appraise(inputFor(honest));
if (appraisal.node === null || appraisal.result.verdict !== 'affirming') throw new Error('the honest node is not affirmed');
/** What a verifier knows of the honest node. */
export const facts = appraisal.node;
