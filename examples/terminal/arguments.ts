import { parseArgs } from 'node:util';

export const HELP = `Shows an answer of a language model while it comes in.

  npm start                            a recorded answer, over HTTP from a small server inside
  npm start -- --speed 3               … three times as fast, 0.1 to 1000
  npm start -- --file answer.sse       a file of server-sent events, as the Messages API sends them
  npm start -- --live "Hello"          a real answer; takes its key from ANTHROPIC_API_KEY
  npm start -- --live "Hi" --model M   … of this model
`;

const DEFAULT_MODEL = 'claude-sonnet-4-5';
const SPEEDS = { from: 0.1, to: 1000 };

/** What to show. */
export type Choice =
  | { readonly kind: 'recorded'; readonly speed: number }
  | { readonly kind: 'file'; readonly path: string }
  | {
      readonly kind: 'live';
      readonly prompt: string;
      readonly model: string;
      readonly apiKey: string;
      readonly baseURL: string | undefined;
    };

/** What the command line asks for, or in one line why that cannot be. */
export type Command =
  Choice | { readonly kind: 'help' } | { readonly kind: 'mistake'; readonly reason: string };

const OPTIONS = {
  file: { type: 'string' },
  live: { type: 'string' },
  model: { type: 'string' },
  speed: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/**
 * Reads the command line.
 *
 * @param args - the arguments, without the program
 * @param env - where the key of the API is
 */
export function readArguments(args: readonly string[], env: NodeJS.ProcessEnv): Command {
  try {
    return choose(parseArgs({ args: [...args], options: OPTIONS }).values, env);
  } catch (error) {
    return mistake(error instanceof Error ? error.message : String(error));
  }
}

interface Values {
  readonly file?: string | undefined;
  readonly live?: string | undefined;
  readonly model?: string | undefined;
  readonly speed?: string | undefined;
  readonly help?: boolean | undefined;
}

function choose({ file, live, model, speed, help }: Values, env: NodeJS.ProcessEnv): Command {
  if (help) return { kind: 'help' };
  if (file !== undefined && live !== undefined) return mistake('Choose one: --file or --live.');
  if (model !== undefined && live === undefined) return mistake('--model goes with --live.');
  if (speed !== undefined && (file ?? live) !== undefined) {
    return mistake('--speed is for the recorded answer: a file has no times, and a live answer has its own.');
  }
  if (file !== undefined) return file === '' ? mistake('--file needs a path.') : { kind: 'file', path: file };
  return live === undefined ? recorded(speed) : ask(live, model, env);
}

function recorded(speed = '1'): Command {
  const factor = speed.trim() === '' ? NaN : Number(speed);
  if (factor >= SPEEDS.from && factor <= SPEEDS.to) return { kind: 'recorded', speed: factor };
  return mistake(`--speed takes a number from ${SPEEDS.from} to ${SPEEDS.to}, not '${speed}'.`);
}

function ask(prompt: string, model: string = DEFAULT_MODEL, env: NodeJS.ProcessEnv): Command {
  const { ANTHROPIC_API_KEY: apiKey, ANTHROPIC_BASE_URL: baseURL } = env;
  if (prompt.trim() === '') return mistake('--live needs a prompt.');
  if (!apiKey) return mistake('--live needs the environment variable ANTHROPIC_API_KEY.');
  return { kind: 'live', prompt, model, apiKey, baseURL: baseURL || undefined };
}

function mistake(reason: string): Command {
  return { kind: 'mistake', reason: reason.replace(/\s+/g, ' ') };
}
