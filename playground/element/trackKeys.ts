/** What a key on a row means. */
export type TrackAct =
  | { readonly act: 'select'; readonly by: number }
  | { readonly act: 'move'; readonly by: number }
  | { readonly act: 'edit'; readonly what: 'ping' | 'stall' | 'error' | 'reset' | 'cut' | 'undo' };

const SELECTS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  ArrowDown: -1,
  ArrowUp: 1,
  PageUp: 10,
  PageDown: -10,
  Home: -Infinity,
  End: Infinity,
};

const EDITS = { p: 'ping', s: 'stall', e: 'error', r: 'reset', c: 'cut', u: 'undo' } as const;

/** @returns `undefined` for a key that means nothing here */
export function actOf({ key, altKey, shiftKey, ctrlKey, metaKey }: KeyboardEvent): TrackAct | undefined {
  if (ctrlKey || metaKey) return undefined;
  if ((altKey || shiftKey) && (key === 'ArrowLeft' || key === 'ArrowRight')) {
    return { act: 'move', by: (key === 'ArrowLeft' ? -1 : 1) * (shiftKey ? 10 : 1) };
  }
  const by = SELECTS[key];
  if (by !== undefined) return { act: 'select', by };
  const what = Object.hasOwn(EDITS, key) ? EDITS[key as keyof typeof EDITS] : undefined;
  return what && { act: 'edit', what };
}
