import type { Line, Shown } from '../item.js';

function shown(name: string): Shown {
  return { file: 'test/founding/plainData.test.ts', name };
}

const SAME = shown('need no clone: operators pass them on as they are, and change none');
const PRINTED = shown('are printed with all they hold');
const COMPARED = shown('are equal where they hold the same');
const WRITTEN = shown('are written, as what the schema of the protocol accepts');
export const READ = shown('are read from what was written');
const SENT = shown('may be sent to another thread');

/** What stands for a trait that Rust derives: a plain object that nothing changes does the same. */
const DERIVED = {
  Clone: ['StreamEvent', SAME, 'nothing changes an event, so that it is shared and told by `===`'],
  Debug: ['StreamEvent', PRINTED, 'plain objects, which `console.log` shows'],
  PartialEq: ['StreamEvent', COMPARED, 'plain objects, which any deep equality tells'],
  Eq: ['StreamEvent', COMPARED, 'as `PartialEq`'],
  StructuralPartialEq: ['StreamEvent', COMPARED, 'as `PartialEq`'],
  Serialize: ['encode', WRITTEN, 'and `frameText` for the text of the wire'],
  Deserialize: ['decode', READ, 'behind `sse` or `ndjson`'],
} as const;

/**
 * The traits that a type derives.
 *
 * @param traits - their names, each with the functions that the documentation shows of it
 */
export function derived(
  traits: Readonly<Partial<Record<keyof typeof DERIVED, readonly string[]>>>,
): readonly Line[] {
  return Object.entries(traits).map(([trait, functions]) => {
    const [here, test, note] = DERIVED[trait as keyof typeof DERIVED];
    return ['trait', trait, here, test, note, functions];
  });
}

/** What the compiler adds: what threads may do with a value. */
export function auto(...traits: readonly string[]): Line {
  return [
    'trait',
    'auto traits',
    'StreamEvent',
    SENT,
    'plain objects, which `structuredClone` and `postMessage` take',
    traits,
  ];
}

/** What Rust's libraries add to every type there is. */
export function blanket(...traits: readonly string[]): Line {
  return [
    'trait',
    'blanket implementations',
    'StreamEvent',
    SENT,
    'what Rust gives every type; a plain object needs none of it',
    traits,
  ];
}
