import { fromHex, type PinnedRoot } from '@tea/protocol';

/**
 * The authorities of TPM makers, by SHA-256 of their DER. A chain in evidence must end in or pass through one of these to count for more than
 * `simulated`; the certificate itself comes with the evidence. Origin, and what was left out and why: testing/tpm-makers/README.md.
 *
 * Class `tpm` says who made the key, not that the machine is honest: firmware TPMs (AMD, Intel) are as good as the processor's firmware.
 */
export const tpmMakers: readonly PinnedRoot[] = [
  root('AMD fTPM, RSA', 'tpm', 'b73f14dea3bdaa0be87440de3fc718c771f2cbf8b7b2231c6ea228d3b20860ef'),
  root('AMD fTPM, ECC', 'tpm', 'c2cb57bf723c174f166c5aa1dc64160981054bee18c70eb1debfc1518afa92d2'),
  root('Infineon OPTIGA, RSA', 'tpm', '899e35474c9807eb4c7f2f7a12da0028fb250cd02154d0009fca7d9c66574f3b'),
  root('Infineon OPTIGA, ECC', 'tpm', 'cfeb02fecd55ad7a73c6e1d11985d4c47dee248ab63dcb66091a2489660443c3'),
  root('Intel firmware TPM', 'tpm', '2e1b3ba79af56d758be51697621bc4b9e8cee0983db3e749c55eb9b37c6d2ae0'),
  root('Nationz', 'tpm', '1293d71d6f61c86b98102fd3d4085ff12538f108e925489c0d545059e5f89c36'),
  root('Nuvoton, NTC 01', 'tpm', '56b67007f448bd5c5746299fcdea9323971bbdaaefd8e3b9b84773abc888c90e'),
  root('Nuvoton, NTC 02', 'tpm', '8fac94b462b37acb84431bdc71395585caf518c17f656051ff9c4347a4726ed9'),
  root('Nuvoton, NTC ARSUF 01', 'tpm', '9e0434093fd0d4f8b927af1f4f6cffbd75f0584af4ade939bbd6851227fa4263'),
  root('Nuvoton, 1013', 'tpm', '38f8c5012d1b1321e833376611612b5b1cde466574cabc67fd2262e3b8da2f6d'),
  root('Nuvoton, 1014', 'tpm', 'ad392726a92f62e5b7b112460c4e89f9fcbd523d08f39dcb928210ce8d4f676f'),
  root('Nuvoton, 1110', 'tpm', '2782e51a95e86d9557fe4204316cf805bd6f5898f81f9732e944d742bcdc5f54'),
  root('Nuvoton, 1111', 'tpm', 'e38c280f7c0e0b49f31efc7531032bb6a86c3fba4eb89beb1d510eaa4510ae4a'),
  root('Nuvoton, 2010', 'tpm', '970b1cb098896f0d31be45dd299ed31f1640689f7c1618d7370cd71b6eb97560'),
  root('Nuvoton, 2011', 'tpm', 'ab6005053c48534c46f54d2afbbd300a99f7b0e3ab1786034cb0785ca081a7ba'),
  root('Nuvoton, 2110', 'tpm', '4aebe77a51ed29959a7f9f5e07a24a558dee8167f3985d724995a541c258dfda'),
  root('Nuvoton, 2111', 'tpm', 'cd8185ff8995ed09811970090a8c36fafab34ef87f47fa51fdb9ecf95c9c2e04'),
  root('STMicroelectronics, RSA', 'tpm', 'f8e37a86b689a20a6cc0c40cc3f81fb130fa9f44ce7ffa60d62590aaf87273a9'),
  root('STMicroelectronics, ECC 01', 'tpm', 'c541d7e5b9e3f935621acbd403896225ec641036c9ae3b5f7ac793a606ff9b79'),
  root('Google Cloud, EK and AK', 'vtpm', '594759594b9b61524f6c8ef668f7177f7b9066bc0674f2f49fe9e052be78beb2'),
  root('Google Cloud, tpm_ek_v1_cloud_host', 'vtpm', '9bd5285f8fb18502a7947e621ffd470266f49fcd3b73e19a190f690ad32a7caf'),
];

function root(name: string, trustClass: PinnedRoot['trustClass'], sha256: string): PinnedRoot {
  return { name, trustClass, sha256: fromHex(sha256, 32) };
}
