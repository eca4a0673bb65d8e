import { lastValueFrom, toArray } from 'rxjs';
import { anthropic } from '../../src/anthropic.js';
import { checkProtocol } from '../../src/operators/checkProtocol.js';
import { fromBytes } from '../../src/sources/fromBytes.js';
import { bytesOf, recordings } from './recordings.js';

const known = recordings('anthropic');

if (known.length === 0) {
  it('there are no recordings here to be checked', () => {
    expect(known).toEqual([]);
  });
} else {
  describe('a recorded stream of the Messages API', () => {
    it.each(known.map((recording) => [recording.file, recording] as const))(
      '%s is in order, and not repaired',
      async (_, recording) => {
        const repairs: unknown[] = [];
        const events = fromBytes([bytesOf(recording)], { codec: anthropic });
        const given = await lastValueFrom(events.pipe(toArray()));
        const onRepair = (repair: unknown) => repairs.push(repair);
        expect(await lastValueFrom(events.pipe(checkProtocol(), toArray()))).toEqual(given);
        expect(
          await lastValueFrom(events.pipe(checkProtocol({ mode: 'repair', onRepair }), toArray())),
        ).toEqual(given);
        expect(repairs).toEqual([]);
      },
    );
  });
}
