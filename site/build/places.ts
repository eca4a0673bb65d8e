/** Where the files of the repository stand on the site. */
import { readFileSync } from 'node:fs';
import { anchorsOf } from '../../scripts/markdown.js';
import { placeOf, REPOSITORY, ROOT } from '../../scripts/repository.js';

export const SITE = new URL('site/', ROOT);
/** The source of VitePress: written by each build, never by hand. */
export const PAGES = new URL('pages/', SITE);
export const DIST = new URL('.vitepress/dist/', SITE);

/** A page of the site. */
export interface Page {
  /** Below `pages/`, without `.md`: `guide/sources`. */
  readonly path: string;
  readonly title: string;
  readonly text: string;
  /** The file of the repository that it is made of. */
  readonly source: string;
  /** Its first sentence, for a search and for `llms.txt`. */
  readonly description?: string | undefined;
  /** The levels of the headings that are listed beside it. Default: 2. */
  readonly outline?: readonly [number, number];
  /** Whether what it shows needs the room of the list of its headings. */
  readonly isWide?: boolean;
}

/** What links of one file become on the site. */
export class Places {
  readonly #pages: readonly Page[];
  readonly #others: ReadonlyMap<string, string>;

  /**
   * @param pages - those made of the repository's documents
   * @param others - the paths of pages by the anchor or file that they stand for: `README.md#operators`
   */
  constructor(pages: readonly Page[], others: ReadonlyMap<string, string>) {
    this.#pages = pages;
    this.#others = others;
  }

  /**
   * @param link - as it stands in the file
   * @param from - the file, by its path in the repository
   * @returns where it leads from the site
   */
  target(link: string, from: string): string {
    const place = placeOf(link, from);
    if (place === undefined) return link;
    const { file, anchor } = place;
    const hash = anchor === '' ? '' : `#${anchor}`;
    const other = this.#others.get(`${file}${hash}`) ?? this.#others.get(file);
    if (other !== undefined) return `/${other}`;
    const pages = this.#pages.filter(({ source }) => source === file);
    const page = anchor === '' ? pages[0] : pages.find(({ text }) => anchorsOf(text).includes(anchor));
    if (page !== undefined) return `/${page.path}${hash}`;
    if (pages.length > 0)
      throw new Error(`No page of ${file} has the heading #${anchor}, which ${from} links to`);
    return `${REPOSITORY}/blob/main/${file}${hash}`;
  }
}

/** @returns the text of a file of the repository */
export function read(file: string): string {
  return readFileSync(new URL(file, ROOT), 'utf8');
}
