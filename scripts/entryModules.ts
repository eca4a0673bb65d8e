import { ENTRIES } from './entries.js';

/** What each entry that runs anywhere exports. A bundle has a list of static imports in the place of this file. */
export const ENTRY_MODULES: readonly Readonly<Record<string, unknown>>[] = await loaded();

async function loaded(): Promise<Readonly<Record<string, unknown>>[]> {
  const modules: Readonly<Record<string, unknown>>[] = [];
  for (const entry of ENTRIES.filter(runsAnywhere)) {
    modules.push((await import(`../src/${entry}.js`)) as Readonly<Record<string, unknown>>);
  }
  return modules;
}

/** What only Node, or a package that need not be there, can run stands in a folder of its own. */
export function runsAnywhere(entry: string): boolean {
  return !entry.includes('/');
}
