/** What a skill is made of. */
export interface SkillPlan {
  /** Its folder, and its name: letters, digits and hyphens. */
  readonly name: string;
  /** What it is for and when to read it: what an agent chooses by. */
  readonly description: string;
  readonly title: string;
  /** What to keep in mind, a rule for each. */
  readonly rules: readonly string[];
  /** Sections of the documents, as `file#anchor`; the anchor is empty for what stands before the first section. */
  readonly sections: readonly string[];
  /** Whether it lists all operators. */
  readonly hasOperators?: boolean;
}

/** The skills, in the order in which a user needs them. */
export const SKILLS: readonly SkillPlan[] = [
  {
    name: 'stream-an-answer',
    description:
      'Reads the streamed answer of an LLM server with rxjs-llm-stream: which source and which codec to take, and what every pipeline has. Use it when code calls a model API, or reads SSE or JSON lines of one, with RxJS.',
    title: 'Stream an answer',
    rules: [
      'Take the codec of the protocol that the server speaks, not of the model: a gateway that speaks chat completions is `openaiChat`, whatever answers behind it.',
      'Keep `untilTerminal()` in every pipeline: it completes at the end of the answer, and makes an error of a cut one.',
      'A source is cold: each subscription sends the request again. Two views of one answer share its states with `shareSnapshot()`.',
      'Unsubscribing aborts the request. There is no Promise and no `AbortController` to keep.',
      'A key belongs on a server: in a browser, ask your own `/api/chat` with `streamEvents`.',
    ],
    sections: ['README.md#', 'README.md#sources', 'README.md#protocols'],
  },
  {
    name: 'choose-operators',
    description:
      'Chooses operators of rxjs-llm-stream and puts them in order: timeout, retry, end, tools, snapshots. Use it when a pipeline of StreamEvents is written or reviewed.',
    title: 'Choose operators, and their order',
    rules: [
      'The order is: source, `streamTimeout`, `retryBeforeOutput` or `retryWithReset`, `untilTerminal`, `runTools`, `stopOn`, then what gathers.',
      '`to…` emits once it is whole, `accumulate…` emits growing snapshots. A view takes `accumulateState()`, which never fails and has a value at once.',
      'Snapshots are immutable, and what did not change is the same object: compare with `===`, never mutate one.',
      'Of an event that is not known nothing is lost: it passes as `unknown`.',
      'Time comes from the scheduler that is given last.',
    ],
    sections: ['docs/reliability.md#retry', 'docs/reliability.md#timeouts'],
    hasOperators: true,
  },
  {
    name: 'test-with-marbles',
    description:
      'Tests code that uses rxjs-llm-stream, in virtual time, with any test runner: events as letters, scripted answers, bytes, mocked network. Use it when a test needs an LLM stream.',
    title: 'Test with marbles',
    rules: [
      'No test waits: time is that of `runMarbles`, for RxJS’s schedulers too.',
      'Take letters for the order of events, `script()` for what an answer says, `mockFetch` where the code under test sends the request itself.',
      'An error is `#`; expect it by its `code`.',
    ],
    sections: [
      'docs/testing.md#',
      'docs/testing.md#draw-it',
      'docs/testing.md#script-an-answer',
      'docs/testing.md#mock-the-network',
    ],
  },
  {
    name: 'angular-chat',
    description:
      'Shows streamed LLM answers in Angular 20 or later with rxjs-llm-stream/angular: signals, a chat with tools and approval, component tests. Use it in Angular projects.',
    title: 'Angular',
    rules: [
      '`injectAnswer` is one answer, `injectConversation` a whole chat; the request ends with whoever injected it.',
      'Show `status` and `error`: an error of a stream has `partial`, what had arrived.',
      'Test with `rxjs-llm-stream/angular/testing`, in virtual time.',
    ],
    sections: [
      'docs/angular.md#',
      'docs/angular.md#three-lines',
      'docs/angular.md#what-the-signals-say',
      'docs/angular.md#a-component-test',
    ],
  },
  {
    name: 'serve-a-stream',
    description:
      'Answers requests with an LLM stream through rxjs-llm-stream/server: gateways from one protocol to another, Node, Nest, Express, Fastify, Hono, Next, useChat and AG-UI. Use it for back ends.',
    title: 'Serve a stream',
    rules: [
      'Give `respond` a function that takes the gate, and hand the gate to the source: the answer is read no faster than its client reads.',
      'Give it `signal: request.signal`: a client that leaves ends the request to the provider.',
      'What may go to a browser of an error is `publicError(error)`, and `respond` sends no more.',
      'Validate what the client sends; model, system prompt, tools and limits are the server’s to set.',
    ],
    sections: [
      'docs/recipes.md#a-server-the-handler',
      'docs/recipes.md#express',
      'docs/recipes.md#next',
      'docs/recipes.md#a-server-for-usechat',
    ],
  },
  {
    name: 'keep-runs',
    description:
      'Keeps LLM answers in a log so that they outlive the connection: late viewers, resume, stop from anywhere, approvals, several instances with Redis. Use it when a stream must survive a reload or a restart.',
    title: 'Runs that are kept',
    rules: [
      'A run has one writer; viewers only read.',
      'Put `coalesce({ within: 25 })` before the log: fewer entries, the same answer.',
      'Say who may see a run: `authorize` is asked with every request.',
      'In the browser `streamEvents(url, { resume: true })` goes on where its connection broke.',
    ],
    sections: ['docs/runs.md#the-server', 'docs/runs.md#the-client', 'docs/runs.md#what-holds'],
  },
  {
    name: 'handle-failures',
    description:
      'Handles what goes wrong with an LLM stream in rxjs-llm-stream: error codes, what is retryable, partial answers, timeouts, continuing a cut answer, what to log. Use it when errors of a stream are caught, shown or retried.',
    title: 'When a stream fails',
    rules: [
      'Ask `isStreamError(error)`, then `error.code`; never the text of a message.',
      '`retryable` says whether the same request may succeed later. Once content has come, a retry shows it twice, unless it is `retryWithReset()`.',
      '`partial` is what had arrived: show it. It is not a whole answer.',
      '`raw` and `partial` may hold what was said; JSON and logs of an error leave them out. Do not add them.',
    ],
    sections: [
      'README.md#errors',
      'docs/reliability.md#',
      'docs/reliability.md#retry',
      'docs/reliability.md#continue-a-cut-answer',
    ],
  },
];
