import { jest } from '@jest/globals';
import { AGENT_END, callInput, line, OTHERS, READY, response, text } from './synapsFrames.js';

const given = globalThis.Function;

afterEach(() => {
  globalThis.Function = given;
});

it('code is never made from text, neither when the codec is loaded nor when it checks', async () => {
  let generated = 0;
  jest.resetModules();
  globalThis.Function = new Proxy(given, {
    construct(target, args) {
      generated++;
      return Reflect.construct(target, args) as object;
    },
    apply(target, self, args) {
      generated++;
      return Reflect.apply(target, self, args) as unknown;
    },
  });
  const { synaps } = await import('../../src/synaps.js');
  for (const frame of [READY, text('a'), ...OTHERS, AGENT_END, response('1')]) {
    expect(synaps.decoder().next(line(frame)).length > 0).toBe(frame.type !== 'agent_end');
    expect(synaps.schema.safeParse(frame).success).toBe(true);
    expect(synaps.schema.safeParse({ ...frame, type: 'new' }).success).toBe(false);
  }
  expect(() => synaps.decoder().next(line(callInput('t', {})))).toThrow('unknown call');
  expect(generated).toBe(0);
});
