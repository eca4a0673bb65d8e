import { from, lastValueFrom } from 'rxjs';
import type { Codec } from '../../src/codecs/codec.js';
import type { StreamEvent } from '../../src/events/event.js';
import { BEGINNING } from '../../src/events/id.js';
import * as events from '../../src/events/make.js';
import type { RunLog } from '../../src/log/runLog.js';
import { memoryLog } from '../../src/log/memoryLog.js';
import { serveRun } from '../../src/log/serveRun.js';
import { toLog } from '../../src/log/toLog.js';
import { toMessage } from '../../src/operators/toMessage.js';
import { fromResponse } from '../../src/sources/fromResponse.js';
import { PROTOCOLS } from '../codecs/conformance/protocols.js';
import { outcomeOf } from '../sources/outcome.js';

/** Frames of bytes need a writer of their own. */
const CODECS = PROTOCOLS.map(({ codec }) => codec).filter(({ framing }) => framing !== 'eventstream');

function answer(id: string, text: string): readonly StreamEvent[] {
  return [
    events.messageStart({ id, model: 'claude' }),
    events.textStart(0),
    ...Array.from(text, (letter) => events.textDelta(0, letter)),
    events.blockStop(0),
    events.messageDelta('end_turn', { output_tokens: 2 }),
    events.messageStop(),
  ];
}

/** A run whose first writer died inside its answer. */
async function takenOver(): Promise<RunLog> {
  const log = memoryLog();
  const dead = await log.open('run');
  await dead.append(answer('msg_1', 'dead').slice(0, 5));
  await lastValueFrom(from(answer('msg_2', 'alive')).pipe(toLog(log, 'run')));
  return log;
}

/** A run of two replies, of which the second was begun twice by its one writer. */
async function begunTwice(): Promise<RunLog> {
  const log = memoryLog();
  const all = [
    ...answer('msg_1', 'first'),
    ...answer('msg_2', 'dead').slice(0, 4),
    events.reset(2, 'The connection broke'),
    ...answer('msg_3', 'second'),
  ];
  await lastValueFrom(from(all).pipe(toLog(log, 'run')));
  return log;
}

/** The frames of a body, each with the id that it bears, without what each connection makes up. */
function framesIn(body: string, { framing }: Codec): readonly (readonly [id: string, frame: string])[] {
  const known = body.replaceAll(/"uuid":"[^"]*"/g, '');
  const frames = known.match(framing === 'sse' ? /[^]+?\n\n/g : /.+\n/g) ?? [];
  return frames.map((frame) => [/^id: (.*)|"\$id":"(\d+-\d+)"/m.exec(frame)?.slice(1).join('') ?? '', frame]);
}

describe.each(CODECS)('a run that was begun anew, served in $name', (codec) => {
  const get = (log: RunLog, after?: string): Promise<Response> => {
    const headers = after === undefined ? {} : { 'last-event-id': after };
    const request = new Request('http://127.0.0.1/run', { headers });
    return serveRun(request, { log, run: 'run', codec, authorize: () => true, heartbeatMs: 0 });
  };

  it('is the answer alone to who has nothing of it', async () => {
    const { values, error } = await outcomeOf(
      fromResponse(await get(await takenOver()), { codec }).pipe(toMessage()),
    );
    expect(error).toBeUndefined();
    expect(values.at(-1)?.content).toMatchObject([{ type: 'text', text: 'alive' }]);
  });

  it('has both replies, each once, where only the second was begun anew', async () => {
    const { values, error } = await outcomeOf(fromResponse(await get(await begunTwice()), { codec }));
    expect(error).toBeUndefined();
    const text = values.map((event) =>
      event.type === 'content_block_delta' && event.delta.type === 'text_delta' ? event.delta.text : '',
    );
    expect(text.join('')).toBe('firstsecond');
  });

  it('goes on behind every place in it', async () => {
    for (const log of [await takenOver(), await begunTwice()]) {
      const frames = framesIn(await (await get(log)).text(), codec);
      const ids = frames.map(([id]) => id);
      for (const id of new Set(ids)) {
        const rest = framesIn(await (await get(log, id)).text(), codec);
        // The first frame that bears an id is the one that has all of its event.
        expect(rest).toEqual(frames.slice(id === BEGINNING ? 0 : ids.indexOf(id) + 1));
      }
    }
  });

  it('is never mixed with what a client has of the attempt that was given up', async () => {
    const log = await takenOver();
    const { values, error } = await outcomeOf(fromResponse(await get(log, '1-3'), { codec }));
    const begins = values.findIndex(({ type }) => type === 'reset' || type === 'error');
    expect(begins === -1 ? error : values.slice(0, begins)).not.toEqual(undefined);
    const before = begins === -1 ? values : values.slice(0, begins);
    expect(before.filter(({ type }) => type === 'content_block_delta').length).toBeLessThanOrEqual(1);
  });
});
