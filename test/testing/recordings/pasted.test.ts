import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { lastValueFrom } from 'rxjs';
import ts from 'typescript';
import { script } from '../../../examples/terminal/script.js';
import { withServer } from '../../../examples/terminal/server.js';
import { streamMessages } from '../../../src/anthropic.js';
import { accumulateToolInput, StreamError, toMessage, toText, untilTerminal } from '../../../src/index.js';
import { marbleTest, type TestedOperator } from '../../../src/testing/recordings/marbleTest.js';
import { maskText } from '../../../src/testing/recordings/maskText.js';
import { record, type Redaction } from '../../../src/testing/recordings/record.js';
import {
  parseRecording,
  recordedErrorOf,
  recordingText,
  type Recording,
} from '../../../src/testing/recordings/recording.js';
import { isThorough } from '../../thorough.js';

const ROOT = resolve(import.meta.dirname, '../../..');
const PACKAGE = { 'rxjs-llm-stream': 'src/index.ts', 'rxjs-llm-stream/testing': 'src/testing.ts' };

const folder = mkdtempSync(join(tmpdir(), 'pasted-'));
afterAll(() => rmSync(folder, { recursive: true }));

// So that the files in it are modules.
file('package.json', '{"type":"module"}');

/** What a run of the program shows, twenty times as fast, as a file that was written and read again. */
async function recordStart(redact?: Redaction): Promise<Recording> {
  let text = '';
  const keep = record((recording) => (text = recordingText(recording)), { name: 'three calm days', redact });
  const params = { model: 'recorded', max_tokens: 2048, messages: [{ role: 'user', content: 'Kyoto?' }] };
  const stream = withServer(script, 20, (baseURL) => streamMessages(params, { baseURL }));
  await lastValueFrom(stream.pipe(keep, untilTerminal()));
  return parseRecording(text);
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** Jest for the files in the folder, which stand outside of the package and import it by its name. */
const CONFIG = file(
  'jest.config.json',
  JSON.stringify({
    rootDir: ROOT,
    roots: [folder],
    testMatch: [`${folder}/*.test.ts`],
    testEnvironment: 'node',
    extensionsToTreatAsEsm: ['.ts'],
    modulePaths: [join(ROOT, 'node_modules')],
    transform: {
      '^.+\\.ts$': [
        createRequire(import.meta.url).resolve('@swc/jest'),
        { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
      ],
    },
    moduleNameMapper: {
      ...Object.fromEntries(Object.entries(PACKAGE).map(([name, path]) => [`^${name}$`, join(ROOT, path)])),
      '^(\\.{1,2}/.*)\\.js$': '$1',
    },
  }),
);

/** How it went with each file, and what jest said of all of them. */
interface Results {
  readonly passed: readonly string[];
  readonly failed: readonly string[];
  readonly said: string;
}

/** Runs all test files in the folder, in a program of their own. */
function run(): Promise<Results> {
  const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
  const args = ['--experimental-vm-modules', jest, '--config', CONFIG, '--json', '--runInBand'];
  return new Promise((settle, reject) => {
    execFile(process.execPath, args, { cwd: ROOT, maxBuffer: 1e8 }, (_, out, err) => {
      try {
        const { testResults } = JSON.parse(out) as { testResults: { name: string; status: string }[] };
        const named = (status: string): string[] =>
          testResults
            .filter((result) => result.status === status)
            .map(({ name }) => basename(name, '.test.ts'))
            .sort();
        settle({ passed: named('passed'), failed: named('failed'), said: err });
      } catch {
        reject(new Error(`No result: ${err}`));
      }
    });
  });
}

function mistakesIn(paths: readonly string[]): string[] {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (name) => ts.sys.readFile(name)) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: paths }, ts.sys, ROOT);
  const program = ts.createProgram([...paths], {
    ...options,
    paths: Object.fromEntries(Object.entries(PACKAGE).map(([name, path]) => [name, [join(ROOT, path)]])),
    // What is of the platform no pasted test asks for, and it takes half of the time.
    lib: ['lib.es2022.d.ts'],
    types: [join(ROOT, 'node_modules/vitest/globals')],
  });
  // Those of the files alone: `npm run types` checks what they import.
  return program
    .getOptionsDiagnostics()
    .concat(
      ...paths.flatMap((path) => {
        const source = program.getSourceFile(path);
        return [program.getSyntacticDiagnostics(source), program.getSemanticDiagnostics(source)];
      }),
    )
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

const TESTED = {
  message: {
    operator: toMessage(),
    code: 'toMessage()',
    imports: "import { toMessage } from 'rxjs-llm-stream';",
  },
  text: { operator: toText(), code: 'toText()', imports: "import { toText } from 'rxjs-llm-stream';" },
  input: {
    operator: accumulateToolInput(),
    code: 'accumulateToolInput()',
    imports: "import { accumulateToolInput } from 'rxjs-llm-stream';",
  },
} satisfies Record<string, TestedOperator>;

// A runner of its own and the compiler take seconds.
describe.runIf(isThorough)(
  'a recording of the terminal example, pasted as a test',
  { timeout: 120_000 },
  () => {
    let recording: Recording;
    let results: Results;
    let masked = '';
    const pasted: string[] = [];

    const paste = (name: string, text: string): void => void pasted.push(file(`${name}.test.ts`, text));

    beforeAll(async () => {
      recording = await recordStart();
      masked = marbleTest(await recordStart(maskText), { tested: TESTED.input });
      const error = recordedErrorOf(new StreamError('network', 'The connection broke'));
      const entries = recording.entries.slice(0, 90);
      const broken: Recording = { ...recording, entries, end: { at: 9000, end: 'error', error } };

      paste('alone', marbleTest(recording));
      paste('broken', marbleTest(broken, { tested: TESTED.message }));
      paste('input', marbleTest(recording, { tested: TESTED.input }));
      paste('masked', masked);
      paste('message', marbleTest(recording, { tested: TESTED.message }));
      paste('other', marbleTest(recording, { tested: TESTED.text }).replace('.pipe(toText())', ''));
      paste('text', marbleTest(recording, { tested: TESTED.text }));
      results = await run();
    });

    it('has the events of the script, and ends where its subscriber left', () => {
      expect(recording.entries.map(({ event }) => event)).toEqual(script.map(({ event }) => event));
      expect(recording.end.end).toBe('unsubscribe');
    });

    it('passes by itself, with what was made of it, broken and masked', () => {
      expect(results.passed).toEqual(['alone', 'broken', 'input', 'masked', 'message', 'text']);
    });

    it('fails where the operator gives something else, and says what', () => {
      expect(results.failed).toEqual(['other']);
      expect(results.said).toContain('message_start');
    });

    it('compiles', () => {
      expect(mistakesIn(pasted.filter((path) => !path.endsWith('other.test.ts')))).toEqual([]);
    });

    it('says nothing of the answer where it was masked', () => {
      expect(masked).not.toMatch(/京都|maple|ryokan/);
      expect(masked).toContain('plan_trip');
    });
  },
);
