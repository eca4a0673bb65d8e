/** What the doc comment of an operator says, part by part. */
export interface DocComment {
  /** Its first paragraph, as Markdown. */
  readonly sentence: string;
  /** Its drawing, from the first `text` fence. */
  readonly drawing: string | undefined;
  /** Its example, from the first `ts` fence. */
  readonly example: string | undefined;
  /** All that stands before its tags, fences too, as Markdown. */
  readonly text: string;
  readonly tags: readonly DocTag[];
}

/** Such as `@returns` and what it says. */
export interface DocTag {
  /** Without the `@`. */
  readonly name: string;
  readonly text: string;
}

/**
 * Reads the doc comment that stands right above an exported function.
 *
 * @param source - the text of the file
 * @param name - the function
 * @throws Error where the function has none
 */
export function docComment(source: string, name: string): DocComment {
  const before = source.split(new RegExp(`^export function ${name}\\b`, 'm'))[0] ?? '';
  const start = before.lastIndexOf('/**');
  const text = before.slice(start).trimEnd();
  if (start < 0 || before.length === source.length || !text.endsWith('*/')) {
    throw new Error(`No doc comment stands above the function ${name}`);
  }
  const lines = text
    .slice(3, -2)
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''));
  const body = lines.join('\n').trim();
  const [prose = '', ...tags] = body.split(/^@(?=\w)/m);
  return {
    sentence: (body.split('\n\n')[0] ?? '').replaceAll('\n', ' '),
    drawing: fenced(body, 'text'),
    example: fenced(body, 'ts'),
    text: prose.trim(),
    tags: tags.map((tag) => {
      const [, name = '', text = ''] = /^(\w+)\s*([^]*)$/.exec(tag) ?? [];
      return { name, text: text.trim().replace(/\s*\n\s*/g, ' ') };
    }),
  };
}

/** The first sentence of a doc comment, as Markdown; its links name what they lead to. */
export function firstSentence({ sentence }: Pick<DocComment, 'sentence'>): string {
  const first = /^.*?[.!?](?=\s|$)/.exec(sentence)?.[0] ?? sentence;
  return first.replace(/\{@link (\w+)\}/g, '`$1`');
}

function fenced(body: string, language: string): string | undefined {
  return new RegExp(`^\`\`\`${language}\\n([^]*?)\\n\`\`\`$`, 'm').exec(body)?.[1];
}

/** A drawing as it stands in a doc comment: without the indentation it has in the code of its sheet. */
export function dedent(drawing: string): string {
  const lines = drawing.split('\n').filter((line) => line.trim() !== '');
  const indentation = Math.min(...lines.map((line) => line.length - line.trimStart().length));
  return lines.map((line) => line.slice(indentation).trimEnd()).join('\n');
}
