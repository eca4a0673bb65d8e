import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastValueFrom } from 'rxjs';
import { captureSource } from '../../examples/terminal/capture.js';
import { explain } from '../../examples/terminal/failure.js';
import { script } from '../../examples/terminal/script.js';
import { gemini } from '../../src/gemini.js';
import { toText } from '../../src/index.js';
import { PROTOCOLS } from '../codecs/conformance/protocols.js';
import { bytesOf, framesOf } from '../codecs/conformance/spelling.js';

const folder = mkdtempSync(join(tmpdir(), 'capture-'));
afterAll(() => rmSync(folder, { recursive: true }));

const events = script.map(({ event }) => event);

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('a file that is shown', () => {
  it.each(PROTOCOLS.map(({ codec }) => [codec.name, codec] as const))('may be of %s', async (name, codec) => {
    const {
      origin,
      events: shown,
      isTimed,
    } = captureSource(file(name, bytesOf(codec, framesOf(codec, events))));
    expect(origin).toContain(`a file: ${name}, as `);
    expect(isTimed).toBe(false);
    expect(await lastValueFrom(shown.pipe(toText()))).toContain('紅葉');
  });

  it('may be an array', async () => {
    const array = JSON.stringify(framesOf(gemini, events).map(({ data }) => JSON.parse(data) as object));
    const { origin, events: shown } = captureSource(file('array.json', array));
    expect(origin).toBe('a file: gemini, as a JSON array');
    expect(await lastValueFrom(shown.pipe(toText()))).toContain('紅葉');
  });

  it.each([
    ['a page', '<!doctype html><p>Sorry', 'it looks like a page; it begins: <!doctype html><p>Sorry'],
    ['words', 'upstream connect error', 'it looks like plain text; it begins: upstream connect error'],
    [
      'events of nobody',
      'event: hello\ndata: {"a":1}\n\n',
      'it looks like server-sent events of another; it begins: event: hello data: {"a":1}',
    ],
    ['JSON of nobody', '{"name":"x"}', 'it looks like a document; it begins: {"name":"x"}'],
    ['binary data', Uint8Array.of(0, 1, 2, 3, 4), 'it looks like binary data; it begins: '],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8), 'it looks like gzip without content-encoding; it begins: '],
    ['nothing', ' \n', 'it is empty'],
  ])('says what it is where it is %s', async (name, content, words) => {
    const path = file(name, content);
    const failed = lastValueFrom(captureSource(path).events).catch(explain);
    expect(await failed).toContain(
      `not-a-stream: ${path} is no stream of a protocol that is read here: ${words}`,
    );
  });
});
