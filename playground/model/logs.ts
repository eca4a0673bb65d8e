/** A line of a log in front of what a stream said: a time, a level, a name. */
const PREFIX = /^(?!data:|event:|id:|retry:|:|\s*[{[])(.{1,160}?)((?:data|event): ?\S.*|\{".*\})\s*$/;

/** A text as a language prints bytes or strings: `b'data: …\n\n'`, `"data: …\\n\\n"`. */
const PRINTED = /(?:^|[\s(=:,[])b?(['"])((?:data|event|id): (?:\\.|(?!\1).)*|\{(?:\\.|(?!\1).)*\}\\n)\1/;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** What was found in a log. */
export interface FromLog {
  readonly text: string;
  /** How many lines were something else. */
  readonly others: number;
  readonly example: string | undefined;
}

/**
 * What a stream said, out of a log that another program wrote around it.
 *
 * @returns `undefined` where no line has a prefix
 */
export function outOfLog(text: string): FromLog | undefined {
  const lines = text.split(/\r\n|\r|\n/);
  const printed = lines.map((line) => PRINTED.exec(line)?.[2]);
  if (printed.some((found) => found !== undefined)) {
    return gathered(
      lines,
      printed.map((found) => found && unescaped(found)),
      '',
    );
  }
  const found = lines.map((line) => PREFIX.exec(line)?.[2]);
  if (found.every((line) => line === undefined)) return undefined;
  const isSse = found.some((line) => line?.startsWith('data:'));
  const taken = lines.map((line, nth) => found[nth] ?? (isOwn(line) ? line : undefined));
  return gathered(lines, taken, isSse ? '\n\n' : '\n');
}

/** A line of the stream itself, amid those of the log. */
function isOwn(line: string): boolean {
  return /^(?:(?:data|event|id|retry):|\s*\{"|:)/.test(line);
}

function gathered(
  lines: readonly string[],
  taken: readonly (string | undefined)[],
  between: string,
): FromLog | undefined {
  const others = lines.filter((line, nth) => line.trim() !== '' && taken[nth] === undefined);
  let text = '';
  for (const line of taken) {
    // The name of an event stands right above its data.
    if (line !== undefined) text += line + (line.startsWith('event:') && between === '\n\n' ? '\n' : between);
  }
  return { text, others: others.length, example: others[0]?.trim().slice(0, 80) };
}

function unescaped(text: string): string {
  const latin = text.replace(/(?:\\x[0-9a-f]{2})+/gi, (run) => {
    const bytes = Uint8Array.from(run.split('\\x').slice(1), (hex) => parseInt(hex, 16));
    return new TextDecoder().decode(bytes);
  });
  return latin.replace(/\\([nrt'"\\])/g, (_, letter: string) => ESCAPES[letter] ?? letter);
}
