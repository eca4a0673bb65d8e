import {
  concat,
  concatMap,
  defer,
  distinctUntilChanged,
  finalize,
  from,
  map,
  mergeMap,
  NEVER,
  pipe,
  retry,
  Subject,
  throwError,
  timer,
  type Observable,
} from 'rxjs';
import type { StreamEvent } from '../src/events/event.js';
import type { Message } from '../src/events/message.js';
import type { TurnMessage } from '../src/events/turnMessage.js';
import type { StreamState } from '../src/fold/turn/streamState.js';
import { NO_USAGE, type UsageTotals } from '../src/fold/usage/usageTotals.js';
import type { Conversation, Turn } from '../src/turns/conversation.js';
import { converse, type ConversationInput } from '../src/turns/converse.js';
import { alphabet, connectionLost } from './alphabet.js';
import { ended, message, text } from './contents.js';
import { asking } from './kit/asking.js';
import { sheet } from './kit/sheet.js';

const { m, o, t, c, s, z, b, i, j, d, y } = alphabet;

/** Each of these groups of events 5 ms after the one before. */
function timed(...groups: readonly (readonly StreamEvent[])[]): Observable<StreamEvent> {
  return from(groups).pipe(concatMap((group) => timer(5).pipe(mergeMap(() => group))));
}

const answer = timed([m], [o, t], [c, s, z]);
const ask = () => answer;
const atOnce = () => from([m, o, t, c, s, z]);
/** Answers with a call first, and with a text when the result of the call is there. */
const askTools = (messages: readonly TurnMessage[]) =>
  Array.isArray(messages.at(-1)?.content) ? answer : timed([m], [b, i, j, d, y, z]);
const lose = () =>
  concat(
    timed([m], [o, t]),
    throwError(() => connectionLost),
  );
const cannot = (): never => {
  throw connectionLost;
};

/** How the conversation is, and how each of its turns. */
const said = ({ status, turns }: Conversation): string =>
  `${status}: ${turns.map(({ question, state }) => `${String(question)} ${state.status}`).join(', ')}`;
const told = pipe(map(said), distinctUntilChanged());
/** What can be sent, whenever it changes. */
const sent = pipe(
  map(({ messages }: Conversation) => JSON.stringify(messages.map(({ content }) => content))),
  distinctUntilChanged(),
);
const spent = pipe(
  map(({ usage }: Conversation) => `${usage.input_tokens} in, ${usage.output_tokens} out`),
  distinctUntilChanged(),
);

/** How the calls of the last turn are. */
const calls = pipe(
  map(({ turns }: Conversation) => {
    const calls = turns.at(-1)?.state.calls ?? [];
    return calls.map((call) => (call.status === 'denied' ? `denied: ${call.reason}` : call.status)).join();
  }),
  distinctUntilChanged(),
);

const la = message(text('la'));
const brief = timed([{ ...m, message: la }], [s, z]);
const answerBriefly = () => brief;
const hi: TurnMessage = { role: 'user', content: 'Hi' };
const more: TurnMessage = { role: 'user', content: 'More' };
const oneSaid: TurnMessage = { role: 'assistant', content: [text('la')] };
const history = [hi, oneSaid];
const all = [hi, oneSaid, more, oneSaid];

function usageOf(input_tokens: number, output_tokens: number): UsageTotals {
  return { ...NO_USAGE, input_tokens, output_tokens };
}

/** A turn with one reply, or none. */
function turn(question: string, status: StreamState['status'], reply?: Message): Turn {
  const usage = reply === undefined ? NO_USAGE : usageOf(12, reply.usage.output_tokens);
  const messages = reply === undefined ? [] : [reply];
  return {
    question,
    state: { status, message: reply, messages, calls: [], usage, error: undefined } as StreamState,
  };
}

function conversation(
  status: Conversation['status'],
  usage: UsageTotals,
  turns: readonly Turn[],
  messages: readonly TurnMessage[],
): Conversation {
  return { status, usage, turns, messages, error: undefined };
}

const cut = ended(la, 'cancelled', 1);
const whole = ended(la, 'end_turn', 5);
const unasked = turn('More', 'waiting');
const stopped = turn('Hi', 'stopped', cut);
const one = usageOf(12, 1);

export default sheet({
  operator: 'converse',
  operators: {
    'converse({ ask: answerBriefly })': () => converse({ ask: answerBriefly }),
    'converse({ ask, history })': () => converse({ ask, history }),
    'pipe(converse({ ask }), told)': () => pipe(converse({ ask }), told),
    'pipe(converse({ ask }), sent)': () => pipe(converse({ ask }), sent),
    'pipe(converse({ ask }), spent)': () => pipe(converse({ ask }), spent),
    'pipe(converse({ ask, history }), sent)': () => pipe(converse({ ask, history }), sent),
    "pipe(converse({ ask, policy: 'queue' }), told)": () => pipe(converse({ ask, policy: 'queue' }), told),
    'pipe(converse({ ask: lose }), told)': () => pipe(converse({ ask: lose }), told),
    'pipe(converse({ ask: cannot }), sent)': () => pipe(converse({ ask: cannot }), sent),
    'pipe(converse({ ask: cannot }), told)': () => pipe(converse({ ask: cannot }), told),
    'pipe(converse({ ask: askTools }), told)': () => pipe(converse({ ask: askTools }), told),
    'pipe(converse({ ask: askTools, run: asking }), told)': () =>
      pipe(converse({ ask: askTools, run: asking }), told),
    'pipe(converse({ ask: askTools, run: asking }), calls)': () =>
      pipe(converse({ ask: askTools, run: asking }), calls),
    'retry(1)': () => retry(1),
  },
  values: {
    Q: 'Hi',
    P: 'More',
    X: { stop: true },
    R: { retry: true },
    Y: { approve: 'toolu_1', approved: true },
    N: { approve: 'toolu_1', approved: false, reason: 'Not today' },
    V: { approve: 'toolu_2', approved: true },
    // What the picture shows.
    A: conversation('done', NO_USAGE, [], []),
    B: conversation('waiting', NO_USAGE, [turn('Hi', 'waiting')], [hi]),
    E: conversation('streaming', one, [turn('Hi', 'streaming', la)], [hi, oneSaid]),
    G: conversation('streaming', one, [turn('Hi', 'streaming', la), unasked], [hi, oneSaid, more]),
    H: conversation('streaming', one, [turn('Hi', 'streaming', cut), unasked], [hi, oneSaid, more]),
    I: conversation('waiting', one, [stopped, unasked], [hi, oneSaid, more]),
    J: conversation('streaming', usageOf(24, 2), [stopped, turn('More', 'streaming', la)], all),
    K: conversation('streaming', usageOf(24, 6), [stopped, turn('More', 'streaming', whole)], all),
    L: conversation('done', usageOf(24, 6), [stopped, turn('More', 'done', whole)], all),
    // What most of the others say: nothing yet; and of the first question how it is answered.
    '0': 'done: ',
    W: 'waiting: Hi waiting',
    S: 'streaming: Hi streaming',
    T: 'tools: Hi tools',
    D: 'done: Hi done',
    C: 'stopped: Hi stopped',
    F: 'failed: Hi failed',
  },
  usual: () => converse({ ask: atOnce }),
  labels: {
    A: 'nothing yet',
    B: 'Hi: waiting',
    E: 'Hi: "la"',
    G: 'Hi: "la", More: waiting',
    H: 'Hi: "la" cancelled, More: waiting',
    I: 'Hi: stopped, More: waiting',
    J: 'More: "la"',
    K: 'More: "la", whole',
    L: 'More: done',
  },
  flows: ['inputs', 'conversations'],
  picture: `
    -Q------P-|
    > converse({ ask: answerBriefly })
    AB----E-(GHI)J----(KL|)
    ^---------!
  `,
  cases: {
    'what was said before is there at once, and a source that never speaks is waited for': {
      drawing: `
        -------
        > converse({ ask, history })
        M------
        ^------
      `,
      values: { M: conversation('done', NO_USAGE, [], [hi, oneSaid]) },
    },
    'an empty source completes': `
      ---|
      > pipe(converse({ ask }), told)
      0--|
      ^--!
    `,
    'a source that completes is over when all turns are': `
      -Q--|
      > pipe(converse({ ask }), told)
      0W----S---------(D|)
      ^---!
    `,
    'a question stops the turn that runs': {
      drawing: `
        -Q-------P------------------|
        > pipe(converse({ ask }), told)
        0W----S--(GI)-J---------K---|
      `,
      values: {
        G: 'streaming: Hi streaming, More waiting',
        I: 'waiting: Hi stopped, More waiting',
        J: 'streaming: Hi stopped, More streaming',
        K: 'done: Hi stopped, More done',
      },
    },
    'or it waits for its end': {
      drawing: `
        -Q-------P--|
        > pipe(converse({ ask, policy: 'queue' }), told)
        0W----S--G------I----J---------(K|)
      `,
      values: {
        G: 'streaming: Hi streaming, More waiting',
        I: 'waiting: Hi done, More waiting',
        J: 'streaming: Hi done, More streaming',
        K: 'done: Hi done, More done',
      },
    },
    'a question that is overtaken before its answer has begun is stopped': {
      drawing: `
        -QP--|
        > pipe(converse({ ask }), told)
        0W(GHI)J---------(K|)
      `,
      values: {
        G: 'waiting: Hi waiting, More waiting',
        H: 'streaming: Hi streaming, More waiting',
        I: 'waiting: Hi stopped, More waiting',
        J: 'streaming: Hi stopped, More streaming',
        K: 'done: Hi stopped, More done',
      },
    },
    'a stop ends the turn that runs, and the next question is answered': {
      drawing: `
        -Q-------X---P--|
        > pipe(converse({ ask }), told)
        0W----S--C---I----J---------(K|)
      `,
      values: {
        I: 'waiting: Hi stopped, More waiting',
        J: 'streaming: Hi stopped, More streaming',
        K: 'done: Hi stopped, More done',
      },
    },
    'a stop lets the next question go that waits': {
      drawing: `
        -Q---P---X-|
        > pipe(converse({ ask, policy: 'queue' }), told)
        0W---GH--I----J---------(K|)
      `,
      values: {
        G: 'waiting: Hi waiting, More waiting',
        H: 'streaming: Hi streaming, More waiting',
        I: 'waiting: Hi stopped, More waiting',
        J: 'streaming: Hi stopped, More streaming',
        K: 'done: Hi stopped, More done',
      },
    },
    'a stop, an approval and a retry change nothing where there is nothing to stop, approve or retry': `
      -X-Y-N-R-|
      > pipe(converse({ ask }), told)
      0--------|
    `,
    'a retry drops the answer and asks again': `
      -Q-----------------R------------|
      > pipe(converse({ ask }), told)
      0W----S---------D--W----S---------(D|)
    `,
    'also while it is written': `
      -Q-------R--|
      > pipe(converse({ ask }), told)
      0W----S--W----S---------(D|)
    `,
    'a question that waits is not asked again': {
      drawing: `
        -Q-------P--R--|
        > pipe(converse({ ask, policy: 'queue' }), told)
        0W----S--G------I----J---------(K|)
      `,
      values: {
        G: 'streaming: Hi streaming, More waiting',
        I: 'waiting: Hi done, More waiting',
        J: 'streaming: Hi done, More streaming',
        K: 'done: Hi done, More done',
      },
    },
    'what a dropped answer has used stays used': {
      drawing: `
        -Q-----------------R------------------|
        > pipe(converse({ ask }), spent)
        A-----B---------C-------D---------E---|
      `,
      values: {
        A: '0 in, 0 out',
        B: '12 in, 1 out',
        C: '12 in, 5 out',
        D: '24 in, 6 out',
        E: '24 in, 10 out',
      },
    },
    'a failure is the state of its turn, and the next question is answered': {
      drawing: `
        -Q----------------P---------------|
        > pipe(converse({ ask: lose }), told)
        0W----S----F------I----J----K-----|
      `,
      values: {
        I: 'waiting: Hi failed, More waiting',
        J: 'streaming: Hi failed, More streaming',
        K: 'failed: Hi failed, More failed',
      },
    },
    'so it is where nothing can be asked': `
      -Q-----|
      > pipe(converse({ ask: cannot }), told)
      0(WF)--|
    `,
    'a source that fails stops the turn that runs, and the conversation has failed': {
      drawing: `
        -Q-------#
        > pipe(converse({ ask }), told)
        0W----S--(GI|)
      `,
      values: { G: 'failed: Hi streaming', I: 'failed: Hi stopped' },
    },
    'nothing more is asked then': {
      drawing: `
        -Q---P---#
        > pipe(converse({ ask, policy: 'queue' }), told)
        0W---GH--(IJKL|)
      `,
      values: {
        G: 'waiting: Hi waiting, More waiting',
        H: 'streaming: Hi streaming, More waiting',
        I: 'failed: Hi streaming, More waiting',
        J: 'failed: Hi stopped, More waiting',
        K: 'failed: Hi stopped, More streaming',
        L: 'failed: Hi stopped, More stopped',
      },
    },
    'it says why': {
      drawing: `
        ---#
        > converse({ ask: answerBriefly })
        A--(M|)
        ^--!
      `,
      values: { M: { ...conversation('failed', NO_USAGE, [], []), error: connectionLost } },
    },
    'there is nothing to try again: it does not fail': `
      -Q-|
      > pipe(converse({ ask: lose }), told)
      0W----S----(F|)
      > retry(1)
      0W----S----(F|)
      ^--!
    `,
    'a question that says nothing is none': {
      drawing: `
        -A-B-C-|
        > pipe(converse({ ask }), told)
        0------|
      `,
      values: { A: '', B: ' \n', C: [{ type: 'text', text: '' }] },
    },
    'the history can be sent at any moment': {
      drawing: `
        -Q-------------P-------|
        > pipe(converse({ ask, history }), sent)
        AB---------C---D---------E----|
      `,
      values: {
        A: '["Hi",[{"type":"text","text":"la","citations":null}]]',
        B: '["Hi",[{"type":"text","text":"la","citations":null}],"Hi"]',
        C: '["Hi",[{"type":"text","text":"la","citations":null}],"Hi",[{"type":"text","text":"la","citations":null}]]',
        D: '["Hi",[{"type":"text","text":"la","citations":null}],"Hi",[{"type":"text","text":"la","citations":null}],"More"]',
        E: '["Hi",[{"type":"text","text":"la","citations":null}],"Hi",[{"type":"text","text":"la","citations":null}],"More",[{"type":"text","text":"la","citations":null}]]',
      },
    },
    'who asks again after a failure asks both at once': {
      drawing: `
        -Q-P-|
        > pipe(converse({ ask: cannot }), sent)
        AB-C-|
      `,
      values: {
        A: '[]',
        B: '["Hi"]',
        C: '[[{"type":"text","text":"Hi"},{"type":"text","text":"More"}]]',
      },
    },
    'blocks are sent as they are, except for texts that say nothing': {
      drawing: `
        -B-|
        > pipe(converse({ ask: cannot }), sent)
        AC-|
      `,
      values: {
        A: '[]',
        B: [
          { type: 'text', text: '' },
          { type: 'image', source: 'a.png' },
        ],
        C: '[[{"type":"image","source":"a.png"}]]',
      },
    },
    'a call waits for an approval': {
      drawing: `
        -Q------------------Y---------------|
        > pipe(converse({ ask: askTools, run: asking }), told)
        0W----S----T-------------S---------D|
      `,
    },
    'its state says for what': {
      drawing: `
        -Q------------------Y---------------|
        > pipe(converse({ ask: askTools, run: asking }), calls)
        A----------(BCD)----(CE)------------|
      `,
      values: { A: '', B: 'streaming', C: 'queued', D: 'approval', E: 'done' },
    },
    'or a denial, which the model reads': {
      drawing: `
        -Q------------------N---------------|
        > pipe(converse({ ask: askTools, run: asking }), calls)
        A----------(BCD)----E---------------|
      `,
      values: { A: '', B: 'streaming', C: 'queued', D: 'approval', E: 'denied: Not today' },
    },
    'an approval of another call, a second one and a late one change nothing': {
      drawing: `
        -Q---Y------------V-NYN---------------Y-|
        > pipe(converse({ ask: askTools, run: asking }), calls)
        A----------(BCD)----E-------------------|
      `,
      values: { A: '', B: 'streaming', C: 'queued', D: 'approval', E: 'denied: Not today' },
    },
    'a call that nobody can approve any more is left': `
      -Q--|
      > pipe(converse({ ask: askTools, run: asking }), told)
      0W----S----(T|)
    `,
    'the next question says of one that nobody ran that it was cancelled': {
      drawing: `
        -Q-------------P------------------|
        > pipe(converse({ ask: askTools }), told)
        0W----S----(TD)I----J---------K---|
      `,
      values: {
        I: 'waiting: Hi done, More waiting',
        J: 'streaming: Hi done, More streaming',
        K: 'done: Hi done, More done',
      },
    },
    'a stop cancels a call that waits': `
      -Q------------------X----|
      > pipe(converse({ ask: askTools, run: asking }), told)
      0W----S----T--------(SC)-|
    `,
    'a subscriber who leaves aborts the answer': `
      -Q-------P--
      > pipe(converse({ ask }), told)
      0W----S-
      -------!
      ^------!
    `,
  },
  checks: {
    'a turn that is over keeps its identity': () => {
      const inputs = new Subject<ConversationInput>();
      const seen: Conversation[] = [];
      inputs.pipe(converse({ ask: atOnce })).subscribe((state) => seen.push(state));
      inputs.next('Hi');
      const first = seen.at(-1)?.turns[0];
      inputs.next('More');
      expect(first?.state.status).toBe('done');
      expect(new Set(seen.slice(-3).map(({ turns }) => turns[0]))).toEqual(new Set([first]));
      expect(seen.at(-1)?.turns[0]).toBe(first);
      expect(seen.at(-1)?.messages).toBe(seen.at(-1)?.messages);
    },
    'questions that come while a conversation is delivered are answered in their order': () => {
      const inputs = new Subject<ConversationInput>();
      const seen: string[] = [];
      inputs.pipe(converse({ ask }), told).subscribe((words) => {
        seen.push(words);
        if (words === 'waiting: Hi waiting') for (const question of ['And', 'More']) inputs.next(question);
      });
      inputs.next('Hi');
      expect(seen.at(-1)).toBe('waiting: Hi stopped, And stopped, More waiting');
    },
    'a question that was overtaken is not sent': () => {
      const inputs = new Subject<ConversationInput>();
      const asked: string[] = [];
      const keep = (messages: readonly TurnMessage[]) => {
        asked.push(JSON.stringify(messages.at(-1)?.content));
        return NEVER;
      };
      inputs.pipe(converse({ ask: keep })).subscribe(({ turns }) => {
        if (turns.length === 1 && asked.length === 1)
          for (const question of ['And', 'More']) inputs.next(question);
      });
      inputs.next('Hi');
      expect(asked).toEqual([
        '"Hi"',
        '[{"type":"text","text":"Hi"},{"type":"text","text":"And"},{"type":"text","text":"More"}]',
      ]);
    },
    'the request is aborted when the subscriber leaves, a question follows, or a retry': () => {
      const inputs = new Subject<ConversationInput>();
      let [begun, open] = [0, 0];
      const watched = defer(() => {
        begun++;
        open++;
        return NEVER.pipe(finalize(() => open--));
      });
      const subscription = inputs.pipe(converse({ ask: () => watched })).subscribe();
      for (const input of ['Hi', 'More', { retry: true }] as const) inputs.next(input);
      expect([begun, open]).toEqual([3, 1]);
      subscription.unsubscribe();
      expect([begun, open, inputs.observed]).toEqual([3, 0, false]);
    },
  },
});
