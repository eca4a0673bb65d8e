import { readdirSync } from 'node:fs';
import type { Presented, Protocol } from './presented.js';

/** The table of protocols, by name. Each file of the folder `protocols` is a row. */
export const PRESENTED: readonly Presented[] = await rows();

/** Every protocol of the library, each dialect by itself. */
export const PROTOCOLS: readonly Protocol[] = PRESENTED.flatMap(({ dialects = [], ...protocol }) => [
  protocol,
  ...dialects,
]);

async function rows(): Promise<readonly Presented[]> {
  const found: Presented[] = [];
  for (const file of readdirSync(new URL('../protocols/', import.meta.url)).sort()) {
    const module = (await import(/* @vite-ignore */ `../protocols/${file.replace(/ts$/, 'js')}`)) as {
      protocol: Presented;
    };
    found.push(module.protocol);
  }
  return found;
}
