/** Does something in what looks like a page, and takes that away again. */
export function onPage(document: { visibilityState: string }, work: () => void): void {
  withGlobals({ document }, work);
}

/** Does something while there are these globals, and takes them away again. */
export function withGlobals(globals: Readonly<Record<string, unknown>>, work: () => void): void {
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(globalThis, name, { value, configurable: true });
  try {
    work();
  } finally {
    for (const name of Object.keys(globals)) Reflect.deleteProperty(globalThis, name);
  }
}
