import { readFileSync } from 'node:fs';
import { entryFields, entryModules, ENTRIES, specifierOf } from '../scripts/entries.js';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, unknown>
>;

describe('package.json', () => {
  it('says of the entries what npm run exports writes', () => {
    expect(JSON.stringify(manifest, null, 2)).toBe(
      JSON.stringify({ ...manifest, ...entryFields() }, null, 2),
    );
  });

  it('has every file of src that only exports as an entry, the root first', () => {
    expect(ENTRIES).toEqual(
      expect.arrayContaining([
        'anthropic',
        'pictures',
        'testing',
        'testing/node',
        'log/redis',
        'log/durable-streams',
      ]),
    );
    expect(ENTRIES[0]).toBe('index');
    expect(ENTRIES.map(specifierOf)).toContain('rxjs-llm-stream/testing/node');
  });

  it('has its entries in scripts/entryModules.ts, as npm run exports writes them', () => {
    const file = new URL('../scripts/entryModules.ts', import.meta.url);
    expect(readFileSync(file, 'utf8')).toBe(entryModules());
  });

  it('says where the source lives, which a release with provenance compares', () => {
    expect(manifest['repository']).toEqual({
      type: 'git',
      url: 'git+https://github.com/rxjs-llm-stream/rxjs-llm-stream.git',
    });
  });
});
