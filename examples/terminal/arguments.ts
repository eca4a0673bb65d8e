import { parseArgs } from 'node:util';
import { PROVIDERS, type Access, type Provider } from './providers.js';
import { PROMPT } from './script.js';

export const HELP = `Shows an answer of a language model while it comes in.

  npm start                      a recorded answer, over HTTP from a small server inside
  npm start -- --speed 3         … three times as fast, 0.1 to 1000
  npm start -- --file answer.sse a recording or a capture of any protocol, known by its first frames
  npm start -- --live "Hello"    a real answer; takes its key from ANTHROPIC_API_KEY
      --provider openai          … of another provider: anthropic (ANTHROPIC_API_KEY), openai (OPENAI_API_KEY),
                                 gemini (GEMINI_API_KEY) or ollama, on this machine, without a key
      --model M                  … of this model
      --base-url U               … from this address: a gateway, or any server that speaks like the provider
`;

const DEFAULT_PROVIDER = 'anthropic';
const SPEEDS = { from: 0.1, to: 1000 };

/** What to show. */
export type Choice =
  | { readonly kind: 'recorded'; readonly speed: number }
  | { readonly kind: 'file'; readonly path: string }
  | ({
      readonly kind: 'live';
      readonly prompt: string;
      readonly model: string;
      readonly provider: Provider;
    } & Access);

/** What the command line asks for, or in one line why that cannot be. */
export type Command =
  Choice | { readonly kind: 'help' } | { readonly kind: 'mistake'; readonly reason: string };

const OPTIONS = {
  file: { type: 'string' },
  live: { type: 'string' },
  model: { type: 'string' },
  provider: { type: 'string' },
  'base-url': { type: 'string' },
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
    return choose(parseArgs({ args: prompted(args), options: OPTIONS }).values, env);
  } catch (error) {
    return mistake(error instanceof Error ? error.message : String(error));
  }
}

interface Values {
  readonly file?: string | undefined;
  readonly live?: string | undefined;
  readonly model?: string | undefined;
  readonly provider?: string | undefined;
  readonly 'base-url'?: string | undefined;
  readonly speed?: string | undefined;
  readonly help?: boolean | undefined;
}

/** The arguments with a prompt behind `--live`, where there is none. */
function prompted(args: readonly string[]): string[] {
  return args.flatMap((argument, at) => {
    const isAlone = argument === '--live' && (args[at + 1] ?? '--').startsWith('--');
    return isAlone ? [argument, PROMPT] : [argument];
  });
}

function choose(values: Values, env: NodeJS.ProcessEnv): Command {
  const { file, live, speed, help } = values;
  if (help) return { kind: 'help' };
  if (file !== undefined && live !== undefined) return mistake('Choose one: --file or --live.');
  const lone = (['model', 'provider', 'base-url'] as const).find((name) => values[name] !== undefined);
  if (lone !== undefined && live === undefined) return mistake(`--${lone} goes with --live.`);
  if (speed !== undefined && (file ?? live) !== undefined) {
    return mistake('--speed is for the recorded answer: a file has no times, and a live answer has its own.');
  }
  if (file !== undefined) return file === '' ? mistake('--file needs a path.') : { kind: 'file', path: file };
  return live === undefined ? recorded(speed) : ask(live, values, env);
}

function recorded(speed = '1'): Command {
  const factor = speed.trim() === '' ? NaN : Number(speed);
  if (factor >= SPEEDS.from && factor <= SPEEDS.to) return { kind: 'recorded', speed: factor };
  return mistake(`--speed takes a number from ${SPEEDS.from} to ${SPEEDS.to}, not '${speed}'.`);
}

function ask(prompt: string, values: Values, env: NodeJS.ProcessEnv): Command {
  const { provider: name = DEFAULT_PROVIDER, 'base-url': address } = values;
  if (prompt.trim() === '') return mistake('--live needs a prompt.');
  const provider = PROVIDERS.get(name);
  if (provider === undefined) {
    return mistake(`--provider takes one of ${[...PROVIDERS.keys()].join(', ')}, not '${name}'.`);
  }
  const { keys, isOpen, address: variable = '', model } = provider;
  const apiKey = keys.map((key) => env[key]).find(Boolean);
  if (apiKey === undefined && !isOpen) {
    return mistake(
      `--live needs the environment variable ${keys.join(' or ')} for ${name}; any word will do where the server asks for no key.`,
    );
  }
  const baseURL = address ?? (env[variable] || undefined);
  if (baseURL !== undefined && !/^https?:\/\/[^/]/.test(baseURL)) {
    return mistake(`--base-url takes an address that begins with http:// or https://, not '${baseURL}'.`);
  }
  return { kind: 'live', prompt, model: values.model ?? model, provider, apiKey, baseURL };
}

function mistake(reason: string): Command {
  return { kind: 'mistake', reason: reason.replace(/\s+/g, ' ') };
}
