/** Where the files of this repository stand, and what links between them lead to. */
export const ROOT = new URL('../', import.meta.url);
export const REPOSITORY = 'https://github.com/rxjs-llm-stream/rxjs-llm-stream';
const RAW = 'https://raw.githubusercontent.com/rxjs-llm-stream/rxjs-llm-stream';

/** A file of the repository, and a heading in it. */
export interface Place {
  /** By its path from the root. */
  readonly file: string;
  /** Empty where the link has none. */
  readonly anchor: string;
}

/**
 * @param link - as it stands in the file, relative or absolute
 * @param from - the file, by its path from the root
 * @returns the file of the repository that it leads to; `undefined` where it leads elsewhere
 */
export function placeOf(link: string, from: string): Place | undefined {
  const here = [`${REPOSITORY}/blob/main/`, `${REPOSITORY}/tree/main/`, `${RAW}/main/`].find((base) =>
    link.startsWith(base),
  );
  if (here === undefined && /^[a-z]+:/.test(link)) return undefined;
  const [target = '', anchor = ''] = link.slice(here?.length ?? 0).split('#');
  if (target === '') return { file: from, anchor };
  const { href } = new URL(target, here === undefined ? new URL(from, ROOT) : ROOT);
  return { file: decodeURI(href.slice(ROOT.href.length)), anchor };
}
