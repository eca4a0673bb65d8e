import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Writes a generated file and says so; says and does nothing where it is as it was. */
export function written(file: URL, text: string): void {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  writeFileSync(file, text);
  console.log(`wrote ${relative(fileURLToPath(new URL('..', import.meta.url)), fileURLToPath(file))}`);
}
