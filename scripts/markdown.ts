/** A part of a Markdown text: what stands under one heading of the second level, or before the first. */
export interface Section {
  /** Empty for what stands before the first. */
  readonly title: string;
  /** With its heading. */
  readonly text: string;
}

/** A line of code in a fence, a piece of code in a line, or the target of a link. */
const CODE_OR_LINK = /(^```[^]*?^```$|`[^`\n]*`)|(?<=\]\()([^()\s]+)(?=\))/gm;
const FENCE = /^```[^]*?^```$/gm;

/** @returns the sections of the text, in its order; the first has no title */
export function sectionsOf(text: string): readonly Section[] {
  const outside = hidden(text);
  const starts = Array.from(outside.matchAll(/^## (.+)$/gm), ({ index, 1: title = '' }) => ({
    index,
    title,
  }));
  return [{ index: 0, title: '' }, ...starts].map(({ index, title }, nth) => ({
    title,
    text: text.slice(index, starts[nth]?.index ?? text.length).trim(),
  }));
}

/** @returns the text with all its headings one level up */
export function raised(text: string): string {
  const outside = hidden(text).split('\n');
  return text
    .split('\n')
    .map((line, nth) => (outside[nth]?.startsWith('##') === true ? line.slice(1) : line))
    .join('\n');
}

/** @returns the text with each link led to where the function says, code left as it is */
export function relinked(text: string, target: (link: string) => string): string {
  return text.replace(CODE_OR_LINK, (found, code: string | undefined, link: string | undefined) =>
    code === undefined && link !== undefined ? target(link) : found,
  );
}

/** @returns the anchors of all headings in the text, as GitHub names them */
export function anchorsOf(text: string): readonly string[] {
  return Array.from(hidden(text).matchAll(/^#+ (.+)$/gm), ([, heading = '']) => slug(heading));
}

/** The anchor of a heading, as GitHub names it. */
export function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}

/** The text without what stands in fences, each character in its place. */
function hidden(text: string): string {
  return text.replace(FENCE, (code) => code.replace(/[^\n]/g, ' '));
}
