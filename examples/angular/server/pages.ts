import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

/** A file of the app. */
export interface Page {
  readonly type: string;
  readonly bytes: Uint8Array;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

/** Reads the app that `ng build` wrote: what is not in here cannot be asked for. */
export function readPages(folder: string): ReadonlyMap<string, Page> {
  const pages = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && extname(entry.name) in TYPES)
    .map((entry): [string, Page] => {
      const file = join(entry.parentPath, entry.name);
      const path = file.slice(folder.length).replaceAll('\\', '/');
      return [path, { type: TYPES[extname(file)] ?? '', bytes: readFileSync(file) }];
    });
  return new Map(pages);
}
