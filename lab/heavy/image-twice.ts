import assert from 'node:assert/strict';
import { temporaryDirectory } from '@tea/platform';
import { buildImage } from '../../tee/kernel/build-image.ts';

/**
 * Builds the image of this checkout in the user's cache and once more from nothing, in another folder, later, under another name and in another time zone,
 * and compares the bytes: `node lab/heavy/image-twice.ts`, by hand. The second one compiles a kernel, some five minutes of computing.
 */
const say = (words: string): void => void process.stderr.write(`${words}\n`);
const first = await buildImage({ say });
await using folder = await temporaryDirectory('image-twice');
Object.assign(process.env, { TZ: 'Asia/Tokyo', USER: 'somebody', LOGNAME: 'somebody', LANG: 'de_DE.UTF-8', HOME: folder.path });
const second = await buildImage({ cacheDir: folder.path, say });
assert.equal(second.sha256.toHex(), first.sha256.toHex(), 'another folder gives another image');
assert.equal(second.billOfMaterials, first.billOfMaterials);
process.stdout.write(`both are ${first.sha256.toHex()}, ${first.efi.length} bytes\n`);
