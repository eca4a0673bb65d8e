import { readdirSync, readFileSync } from 'node:fs';
import type { Codec } from '../../../src/codecs/codec.js';
import { PRESENTED, protocolsPage, type Presented } from '../../../scripts/protocolsPage.js';
import { PROTOCOLS } from './protocols.js';
import { ALL } from './scope.js';

const ROOT = new URL('../../../', import.meta.url);

/** The codecs that the entries of the package export, by their names. */
async function exported(): Promise<readonly string[]> {
  const entries = readdirSync(new URL('src/', ROOT)).filter((file) => file.endsWith('.ts'));
  const modules = await Promise.all(
    entries.map(async (file) => (await import(`../../../src/${file.replace(/ts$/, 'js')}`)) as object),
  );
  return modules.flatMap((module) =>
    Object.values(module)
      .filter(isCodec)
      .map(({ name }) => name),
  );
}

function isCodec(value: unknown): value is Codec {
  return typeof value === 'object' && value !== null && 'decoder' in value && 'encoder' in value;
}

describe('every codec that the package exports', () => {
  it('is held to the rules and has its place on the page', async () => {
    const names = await exported();
    expect(names.length).toBeGreaterThan(0);
    expect(PRESENTED.map(({ codec }) => codec.name).sort()).toEqual([...names].sort());
    const told = PRESENTED.flatMap(({ codec, dialects = [] }) => [
      codec,
      ...dialects.map(({ codec }) => codec),
    ]);
    expect(PROTOCOLS.map(({ codec }) => codec.name).sort()).toEqual(told.map(({ name }) => name).sort());
  });
});

describe('docs/protocols.md', () => {
  it('is as npm run protocols writes it', () => {
    expect(readFileSync(new URL('docs/protocols.md', ROOT), 'utf8')).toBe(protocolsPage(PRESENTED));
  });

  it('tells of each loss in its table, in the words of the codec, and between two protocols', () => {
    const [whole] = PRESENTED;
    if (whole === undefined) throw new Error('There are no protocols');
    const carries = Object.fromEntries(ALL.map((feature) => [feature, true as const])) as Record<
      (typeof ALL)[number],
      true | string
    >;
    const lossy: Presented = {
      ...whole,
      codec: {
        ...whole.codec,
        name: 'lossy',
        carries: { ...carries, pings: 'left out: who needs them', usage: 'rounded' },
      },
    };
    const lossless: Presented = { ...whole, codec: { ...whole.codec, name: 'lossless', carries } };
    const page = protocolsPage([lossless, lossy]);
    expect(page).toMatch(/\| pings +\| ✓ +\| – +\|\n/);
    expect(page).toMatch(/\| tokens in and out, at the end +\| ✓ +\| ◐ +\|\n/);
    expect(page).toContain('### lossless\n\nNothing is lost.\n');
    expect(page).toContain('- **pings**: left out: who needs them\n');
    expect(page).toContain(
      '- to `lossy`\n  - left out: pings\n  - in part, or in another form: tokens in and out, at the end\n',
    );
    expect(page).toContain('### From lossy\n\n- to `lossless`: nothing is lost\n');
    const { carries: _unsaid, ...codec } = whole.codec;
    expect(() => protocolsPage([{ ...whole, codec }])).toThrow('does not say what it carries');
  });
});
