import { readdirSync, readFileSync } from 'node:fs';
import type { Codec } from '../../../src/codecs/codec.js';
import { protocolsPage, withProtocols } from '../../../scripts/protocolsPage.js';
import type { Presented } from './presented.js';
import { PRESENTED } from './protocols.js';
import { ALL } from './scope.js';

const ROOT = new URL('../../../', import.meta.url);

/** The codecs that the entries of the package export, as `entry: name`. */
async function exported(): Promise<readonly string[]> {
  const found: string[] = [];
  for (const file of readdirSync(new URL('src/', ROOT)).filter((file) => file.endsWith('.ts'))) {
    const module = (await import(/* @vite-ignore */ `../../../src/${file.replace(/ts$/, 'js')}`)) as object;
    const codecs = Object.values(module).filter(isCodec);
    found.push(...codecs.map(({ name }) => `${file.replace(/\.ts$/, '')}: ${name}`));
  }
  return found;
}

function isCodec(value: unknown): value is Codec {
  return typeof value === 'object' && value !== null && 'decoder' in value && 'encoder' in value;
}

describe('every codec that the package exports', () => {
  it('has its row in the table of protocols', async () => {
    const names = await exported();
    expect(names.length).toBeGreaterThan(0);
    expect(PRESENTED.map(({ entry, codec }) => `${entry}: ${codec.name}`).sort()).toEqual([...names].sort());
  });

  it('has its row in a file that is named like its folder', () => {
    const folders = readdirSync(new URL('src/codecs/', ROOT), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'kit')
      .map(({ name }) => `${name}.ts`);
    expect(readdirSync(new URL('test/codecs/protocols/', ROOT)).sort()).toEqual(folders.sort());
  });
});

describe('the protocols of README.md', () => {
  it('are as npm run protocols writes them', () => {
    const page = readFileSync(new URL('README.md', ROOT), 'utf8');
    expect(withProtocols(page, PRESENTED)).toBe(page);
  });
});

describe('docs/protocols.md', () => {
  it('is as npm run protocols writes it', () => {
    expect(readFileSync(new URL('docs/protocols.md', ROOT), 'utf8')).toBe(protocolsPage(PRESENTED));
  });

  it('tells of each loss in its table, in the words of the codec, and between two protocols', () => {
    const [one, other] = PRESENTED;
    if (one === undefined || other === undefined) throw new Error('There are no two protocols');
    const carries = Object.fromEntries(ALL.map((feature) => [feature, true as const])) as Record<
      (typeof ALL)[number],
      true | string
    >;
    const lossy: Presented = {
      ...other,
      carries: { ...carries, pings: 'left out: who needs them', usage: 'rounded' },
    };
    const lossless: Presented = { ...one, carries };
    const page = protocolsPage([lossless, lossy]);
    expect(page).toMatch(/\| pings +\| ✓ +\| – +\|\n/);
    expect(page).toMatch(/\| tokens in and out, at the end +\| ✓ +\| ◐ +\|\n/);
    expect(page).toContain(`### ${one.codec.name}\n\nNothing is lost.\n`);
    expect(page).toContain('- **pings**: left out: who needs them\n');
    expect(page).toContain(
      `- to \`${other.codec.name}\`\n  - left out: pings\n  - in part, or in another form: tokens in and out, at the end\n`,
    );
    expect(page).toContain(`### From ${other.codec.name}\n\n- to \`${one.codec.name}\`: nothing is lost\n`);
  });
});
