import { readFileSync } from 'node:fs';
import { createJsonReader } from '../../src/json/jsonReader.js';

const page = readFileSync(new URL('../../docs/incremental-json.md', import.meta.url), 'utf8');
const rows = Array.from(
  page.matchAll(/^\| +`(.*?)` +\| +`(.*?)` +\| +`(.*?)` +\|$/gm),
  ([, ...cells]) => cells,
);

describe('the page on incremental JSON', () => {
  it('shows what the reader shows, fragment by fragment', () => {
    expect(rows.length).toBeGreaterThan(10);
    const reader = createJsonReader();
    for (const [fragment = '', value, growth] of rows) {
      const snapshot = reader.write(fragment);
      expect([fragment, JSON.stringify(snapshot.value), JSON.stringify(snapshot.growth)]).toEqual([
        fragment,
        value,
        growth,
      ]);
    }
    expect(reader.end()).toBeDefined();
  });
});
