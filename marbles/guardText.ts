import { retry } from 'rxjs';
import type { StreamEvent } from '../src/events/event.js';
import * as events from '../src/events/make.js';
import { guardText } from '../src/text/guardText.js';
import { alphabet } from './alphabet.js';
import { text } from './contents.js';
import { valuesUnderReentrancy } from './kit/laws.js';
import { sheet } from './kit/sheet.js';

const { m, o, t, u, c, z } = alphabet;

const nothing = new RegExp('[]');
const lala = (match: string): string => `<${match}>`;
const REASON = 'The answer had to be stopped';

/** Said as a stop, except that somebody refused. */
function refused(explanation: string, output_tokens = 1): StreamEvent {
  const stop_details = { type: 'refusal', category: null, explanation } as const;
  return events.messageDelta('refusal', { output_tokens, stop_details });
}

export default sheet({
  operator: 'guardText',
  operators: {
    'guardText([/sk-\\w+/])': () => guardText([/sk-\w+/]),
    "guardText(['lala'])": () => guardText(['lala']),
    "guardText(['lala'], { replace: lala })": () => guardText(['lala'], { replace: lala }),
    "guardText([/lal/, 'lala'], { replace: '*' })": () => guardText([/lal/, 'lala'], { replace: '*' }),
    'guardText([/[^]+/])': () => guardText([/[^]+/]),
    'guardText([nothing])': () => guardText([nothing]),
    'guardText([])': () => guardText([]),
    "guardText(['lala'], { stop: true })": () => guardText(['lala'], { stop: true }),
    "guardText([/la/], { stop: 'No singing' })": () => guardText([/la/], { stop: 'No singing' }),
    'guardText([/la$/], { stop: true })': () => guardText([/la$/], { stop: true }),
    "guardText(['Tokyo'])": () => guardText(['Tokyo']),
    "guardText(['Tokyo'], { stop: true })": () => guardText(['Tokyo'], { stop: true }),
    'guardText([/4\\d{3}/])': () => guardText([/4\d{3}/]),
    'retry(1)': () => retry(1),
  },
  values: {
    A: events.textDelta(0, 'The key is s'),
    B: events.textDelta(0, 'k-12'),
    C: events.textDelta(0, '34, I think'),
    D: events.textDelta(0, 'The key is '),
    E: events.textDelta(0, '[redacted], I think'),
    R: events.textDelta(0, '[redacted]'),
    G: events.textDelta(0, 'la 🎵'),
    Q: events.blockAbort(0, REASON),
    X: refused(REASON),
  },
  usual: () => guardText(['lala']),
  flows: ['events', 'events'],
  picture: `
    -m-o-A-B-C-c-z-|
    > guardText([/sk-\\w+/])
    -m-o-D---E-c-z-|
    ^--------------!
  `,
  cases: {
    'an empty source completes': `
      ---|
      > guardText(['lala'])
      ---|
      ^--!
    `,
    'where nothing matches, every event passes as it is': `
      -m-p-o-A-u-c-x-s-z-|
      > guardText(['lala'])
      -m-p-o-A-u-c-x-s-z-|
    `,
    'nor does anything change without a pattern, or with one that matches nothing': `
      -m-o-t-A-t-c-z-|
      > guardText([])
      -m-o-t-A-t-c-z-|
      > guardText([nothing])
      -m-o-t-A-t-c-z-|
    `,
    'what may be the beginning of a match waits, and comes when it is none': {
      drawing: `
        -m-o-t-u-c-z-|
        > guardText(['lala'])
        -m-o---G-c-z-|
      `,
    },
    'and when the block ends': `
      -m-o-t-c---z-|
      > guardText(['lala'])
      -m-o---(tc)z-|
    `,
    'a match that two pieces share is replaced': `
      -m-o-t-t-u-c-z-|
      > guardText(['lala'])
      -m-o---R-u-c-z-|
    `,
    'a match begins where the last one has ended': {
      drawing: `
        -m-o-t-t-t-c---z-|
        > guardText(['lala'], { replace: lala })
        -m-o---F---(tc)z-|
      `,
      values: { F: events.textDelta(0, '<lala>') },
    },
    'of patterns at one place, the first counts': {
      drawing: `
        -m-o-t-t-u-c-z-|
        > guardText([/lal/, 'lala'], { replace: '*' })
        -m-o---F-u-c-z-|
      `,
      values: { F: events.textDelta(0, '*a') },
    },
    'a pattern that matches everything lets nothing through before the end': `
      -m-o-t-u-t-c---z-|
      > guardText([/[^]+/])
      -m-o-------(Rc)z-|
    `,
    'what waits comes before an error event, an abort, a failure and the completion': `
      -m-o-t-e---o-t-q---o-t-#
      > guardText(['lala'])
      -m-o---(te)o---(tq)o---(t#)
    `,
    'a reset in the middle of a match drops what waits': `
      -m-o-t-r-m-o-t-u-c-z-|
      > guardText(['lala'])
      -m-o---r-m-o---G-c-z-|
    `,
    'a match does not go on in another block': {
      drawing: `
        -m-o-t-c---O-T-|
        > guardText(['lala'])
        -m-o---(tc)O---(T|)
      `,
      values: { O: events.textStart(1), T: events.textDelta(1, 'la') },
    },
    'thinking is guarded too, and what stands in a start': {
      drawing: `
        -M-O-H-|
        > guardText(['lala'])
        -N-P-I-|
      `,
      values: {
        M: events.messageStart({ content: [text('oh lala')] }),
        N: events.messageStart({ content: [text('oh [redacted]')] }),
        O: events.textStart(1, 'lala!'),
        P: events.textStart(1, '[redacted]!'),
        H: events.thinkingDelta(2, 'hm lala.'),
        I: events.thinkingDelta(2, 'hm [redacted].'),
      },
    },
    'the strings of a call are guarded as they are read': {
      drawing: `
        -m-b-i-j-d-F-Y-|
        > guardText(['Tokyo'])
        -m-b-H-I-d-J-K-|
      `,
      values: {
        F: events.inputJsonDelta(2, '{"T\\u006fkyo":"T\\u006f'),
        Y: events.inputJsonDelta(2, 'ky\\u006f","\\u00e9":"T\\u006fk"}'),
        H: events.inputJsonDelta(1, '{"city":"'),
        I: events.inputJsonDelta(1, '[redacted]"}'),
        J: events.inputJsonDelta(2, '{"[redacted]":"'),
        K: events.inputJsonDelta(2, '[redacted]","\\u00e9":"T\\u006fk"}'),
      },
    },
    'a number in which something is replaced becomes a string': {
      drawing: `
        -m-b-F-Y-d-H-|
        > guardText([/4\\d{3}/])
        -m-b-I-J-d-K-|
      `,
      values: {
        F: events.inputJsonDelta(1, '{"a":14,"b":-41'),
        Y: events.inputJsonDelta(1, '115}'),
        H: events.toolUseStart(2, 'toolu_2', 'pay', { card: 4111 }),
        I: events.inputJsonDelta(1, '{"a":14,"b":'),
        J: events.inputJsonDelta(1, '"-[redacted]5"}'),
        K: events.toolUseStart(2, 'toolu_2', 'pay', { card: '[redacted]' }),
      },
    },
    'a sub-agent is guarded in its lane': {
      drawing: `
        -m-o-t-T-t-T-c-|
        > guardText(['lala'])
        -m-o-----R-L-c-|
      `,
      values: {
        T: { ...events.textDelta(0, 'la'), lane: 'toolu_1' },
        L: { ...events.textDelta(0, '[redacted]'), lane: 'toolu_1' },
      },
    },
    'a match can end the reply, before anything of it is seen': `
      -m-o-u-t-t-u-c-z-|
      > guardText(['lala'], { stop: true })
      -m-o-u---(QXz|)
      ^--------!
    `,
    'also one that only the end of its block makes one': {
      drawing: `
        -m-o-u-t-c-z-|
        > guardText([/la$/], { stop: true })
        -m-o-u---(QXz|)
        ^--------!
      `,
    },
    'the text before it is seen, and the reason is given': {
      drawing: `
        -m-o-F-c-z-|
        > guardText([/la/], { stop: 'No singing' })
        -m-o-(YHIz|)
        ^----!
      `,
      values: {
        F: events.textDelta(0, 'Oh la la'),
        Y: events.textDelta(0, 'Oh '),
        H: events.blockAbort(0, 'No singing'),
        I: refused('No singing'),
      },
    },
    'a match in a call ends it, and a block that begins with one does not begin': {
      drawing: `
        -m-b-i-j-d-z-|
        > guardText(['Tokyo'], { stop: true })
        -m-b-F-(YXz|)
        ^------!
      `,
      values: { F: events.inputJsonDelta(1, '{"city":"'), Y: events.blockAbort(1, REASON) },
    },
    'an answer without a match ends as it does': `
      -m-o-t-u---c-s-z-|
      > guardText(['lala'], { stop: true })
      -m-o---G---c-s-z-|
    `,
    'a source that is tried again begins with nothing held back': `
      -----o-t-#
      > guardText(['lala'])
      -----o---(t#)
      > retry(1)
      -----o---t----o---(t#)
      ^--------!
      ---------^--------!
    `,
  },
  checks: {
    'pieces that come while another is delivered wait for their turn': () => {
      const values = valuesUnderReentrancy<StreamEvent, StreamEvent>(
        guardText(['lala']),
        [m, o, t],
        [u, c, z],
      );
      expect(values).toEqual([m, u, c, z, o]);
    },
    'what cannot be searched for is said when it is given': () => {
      for (const pattern of [
        /(a)\1/,
        /a(?=b)/,
        /(?<!a)b/,
        /a*/,
        /^/,
        /a/y,
        '',
        new RegExp('\\01'),
        /a{30000}/,
      ]) {
        expect(() => guardText([pattern])).toThrow(TypeError);
      }
      expect(() => guardText([/(?<x>a)\k<x>/])).toThrow(
        'The pattern /(?<x>a)\\k<x>/ has \\k, a reference to a group. Write it without: a stream cannot be searched for that.',
      );
      expect(() => guardText(['ab', /a{30000}/])).toThrow(
        'With the pattern /a{30000}/, all patterns have more than 20000 states: repeat less in it, or leave some out',
      );
      expect(() => guardText([42 as never])).toThrow('A pattern is a RegExp or a string, not 42');
    },
  },
});
