/** The menu beside the pages. */
import { apiMenu } from './api.js';
import { operatorGroups } from './operatorPages.js';
import type { Page } from './places.js';

interface Item {
  readonly text: string;
  readonly link: string;
}

interface Group {
  readonly text: string;
  readonly collapsed?: boolean;
  readonly items: readonly Item[];
}

/** The menus, by the folder whose pages show them. */
export type Menu = Readonly<Record<string, readonly Group[]>>;

const GUIDE: readonly (readonly [title: string, paths: readonly string[]])[] = [
  [
    'Guide',
    ['guide/index', 'guide/sources', 'guide/events', 'guide/turns', 'guide/errors', 'guide/measuring'],
  ],
  ['In an application', ['guide/angular', 'guide/recipes', 'guide/incremental-json', 'guide/examples']],
  ['On a server', ['back-end/index', 'back-end/runs']],
  ['Protocols', ['guide/protocols', 'protocols/index', 'protocols/codecs']],
  ['In production', ['testing/index', 'guide/playground', 'reliability/index', 'guide/structure']],
  ['Versions', ['upgrade', 'changelog', 'decisions/index']],
];

/** Shorter than the headings. */
const TITLES: Readonly<Record<string, string>> = {
  'back-end/index': 'Handlers and frameworks',
  'back-end/runs': 'Runs',
  'protocols/index': 'What each carries',
  'guide/protocols': 'Codecs',
  'testing/index': 'Testing',
  'guide/playground': 'Playground and viewer',
  upgrade: 'From 0.1 to 0.2',
  'decisions/index': 'Decisions',
};

const WHY: readonly Item[] = [
  { text: 'Why', link: '/why/' },
  { text: 'Comparison', link: '/why/comparison' },
  { text: 'What others do', link: '/why/others' },
  { text: 'Benchmarks', link: '/why/benchmarks' },
  { text: 'Latency of a run', link: '/why/latency' },
  { text: 'Sizes', link: '/why/sizes' },
];

/** @returns the menu of each part of the site */
export function menuOf(pages: readonly Page[]): Menu {
  const titles = new Map(pages.map(({ path, title }) => [path, title]));
  const guide = GUIDE.map(([text, paths]) => ({
    text,
    items: paths.map((path) => ({ text: TITLES[path] ?? titles.get(path) ?? path, link: linkTo(path) })),
  }));
  const operators = operatorGroups().map(({ title, operators }) => ({
    text: title,
    items: operators.map((name) => ({ text: name, link: `/operators/${name}` })),
  }));
  const about = {
    text: 'Operators',
    items: [
      { text: 'All operators', link: '/operators/' },
      { text: 'One of your own', link: '/operators/your-own' },
    ],
  };
  return {
    '/api/': apiMenu(pages),
    '/operators/': [about, ...operators],
    '/why/': [{ text: 'Why', items: WHY }],
    '/': guide,
  };
}

function linkTo(path: string): string {
  return `/${path.replace(/(^|\/)index$/, '$1')}`;
}
