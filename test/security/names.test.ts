import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { anthropic } from '../../src/codecs/anthropic/codec.js';
import * as events from '../../src/events/make.js';
import { toMessage } from '../../src/operators/toMessage.js';
import { fromBytes } from '../../src/sources/fromBytes.js';
import { wire } from '../sources/loopback.js';
import { isThorough } from '../thorough.js';
import { outcomeOf } from '../sources/outcome.js';
import { HOSTILE_NAMES } from './play.js';
import { expectSilence } from './silence.js';

expectSilence();

const STRICT = ['--frozen-intrinsics', '--disallow-code-generation-from-strings', '--disable-proto=throw'];

describe('hostile names', () => {
  it.each(HOSTILE_NAMES)('come out as they came in: %s', async (name) => {
    const json = `{"${name}":{"polluted":true}}`;
    const given = [
      events.messageStart(),
      events.toolUseStart(0, name, name),
      events.inputJsonDelta(0, json),
      events.blockStop(0),
      events.messageDelta('tool_use'),
      events.messageStop(),
    ];
    const { values } = await outcomeOf(fromBytes(wire(...given), { codec: anthropic }).pipe(toMessage()));
    const [message] = values;
    const [block] = message?.content ?? [];
    expect(block).toMatchObject({ id: name, name });
    const input = (block as { input: object }).input;
    expect(Object.keys(input)).toEqual([name]);
    expect(JSON.stringify(input)).toBe(json);
    expect(Object.getPrototypeOf(input)).toBe(Object.prototype);
  });

  // It is a program that plays all there is, which takes its time.
  if (isThorough) {
    it('and all else work under a strict page, with frozen built-ins', async () => {
      const program = fileURLToPath(new URL('program.ts', import.meta.url));
      const root = fileURLToPath(new URL('../..', import.meta.url));
      const { NODE_OPTIONS: _options, ...env } = process.env;
      const child = spawn(process.execPath, ['--no-warnings', ...STRICT, '--import', 'tsx', program], {
        cwd: root,
        env,
      });
      const closed = new Promise((resolve) => child.once('close', resolve));
      const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
      expect({ out, err, code }).toEqual({ out: '', err: '', code: 0 });
    }, 60_000);
  }
});
