/** What coding agents read: `skills/`, in the format of Agent Skills, and `llms.txt`, in that of llmstxt.org. */
import { readFileSync } from 'node:fs';
import { docOf } from '../marbles/gallery/catalogue.js';
import { firstSentence } from '../marbles/gallery/docComment.js';
import { groupsOf } from '../marbles/gallery/readme.js';
import { signatureOf } from '../marbles/gallery/signature.js';
import { placeOf, REPOSITORY, ROOT } from './repository.js';
import { relinked, sectionsOf, slug } from './markdown.js';
import { SKILLS, type SkillPlan } from './skillPlans.js';

const RAW = REPOSITORY.replace('github.com', 'raw.githubusercontent.com');
const PICTURE = /^!\[[^\]]*\]\(\S+\)\n*/gm;
const COMMENT = /^<!--.*-->\n*/gm;

/** The documents, with what each is for. */
const DOCUMENTS: readonly (readonly [file: string, what: string])[] = [
  ['README.md', 'what it is, sources, protocols, turns, events, operators, errors'],
  [
    'docs/recipes.md',
    'whole files: NgRx, a stop button, tools, a chat, servers on Nest, Express, Fastify, Hono and Next',
  ],
  ['docs/angular.md', 'signals, conversations with tools, server rendering, stores, component tests'],
  ['docs/testing.md', 'marbles, scripted answers, mocked network, recordings'],
  ['docs/reliability.md', 'errors, retries, timeouts, proxies, and what each failure becomes'],
  ['docs/runs.md', 'answers in a log, that outlive their connection: Redis, durable streams'],
  ['docs/incremental-json.md', 'tool input while it streams'],
  ['docs/protocols.md', 'what each protocol carries'],
  ['docs/upgrade.md', 'from 0.1 to 0.2'],
];

const OPTIONAL: typeof DOCUMENTS = [
  ['docs/operators.md', 'an operator of your own'],
  ['docs/codecs.md', 'a codec of your own'],
  ['docs/benchmarks.md', 'time and memory'],
  ['docs/latency.md', 'what a log adds to the time to a viewer'],
  ['docs/sizes.md', 'what an import adds to a page'],
  ['docs/others.md', 'what other readers make of the same spoilt streams'],
  ['docs/playground.md', 'to look at a capture, to change it, and to print a test of it'],
  ['CHANGELOG.md', 'what changed'],
];

/** @returns every file for coding agents, by its path in the repository */
export function agentFiles(): ReadonlyMap<string, string> {
  return new Map([
    ...SKILLS.map((plan) => [`skills/${plan.name}/SKILL.md`, skillText(plan)] as const),
    ['llms.txt', llmsText()],
  ]);
}

/** @returns all documents in one text, for who wants to read at once what `llms.txt` lists */
export function llmsFullText(): string {
  return (
    [...DOCUMENTS, ...OPTIONAL]
      .map(([file]) => textOf(file).replace(PICTURE, '').trim())
      .join('\n\n---\n\n') + '\n'
  );
}

function skillText(plan: SkillPlan): string {
  const { name, description, title, rules, sections } = plan;
  const parts = [
    `---\nname: ${name}\ndescription: ${JSON.stringify(description)}\n---`,
    `# ${title}`,
    rules.map((rule) => `- ${rule}`).join('\n'),
    ...sections.map(sectionText),
    ...(plan.hasOperators === true ? [operatorList()] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** A section as it stands in its document, with links that lead on from the folder of a skill. */
function sectionText(section: string): string {
  const [file = '', anchor = ''] = section.split('#');
  const found = sectionsOf(textOf(file)).find(({ title }) => slug(title) === anchor);
  if (found === undefined) throw new Error(`${file} has no section #${anchor}, which a skill shows`);
  const text = found.text
    .replace(/^# .+\n+/, '')
    .replace(PICTURE, '')
    .replace(COMMENT, '')
    .trim();
  return relinked(text, (link) => {
    const place = placeOf(link, file);
    if (place === undefined) return link;
    const hash = place.anchor === '' ? '' : `#${place.anchor}`;
    const isPacked = /^(?:docs\/[^/]+\.md|README\.md|CHANGELOG\.md)$/.test(place.file);
    return isPacked ? `../../${place.file}${hash}` : `${REPOSITORY}/blob/main/${place.file}${hash}`;
  });
}

function operatorList(): string {
  const groups = groupsOf().map(({ heading, operators }) => {
    const rows = operators.map((name) => `- \`${signatureOf(name)}\`: ${firstSentence(docOf(name))}`);
    return `### ${heading.charAt(0).toUpperCase()}${heading.slice(1)}\n\n${rows.join('\n')}`;
  });
  return ['## The operators', ...groups].join('\n\n');
}

function llmsText(): string {
  const listed = (documents: typeof DOCUMENTS): string =>
    documents.map(([file, what]) => `- [${titleOf(file)}](${RAW}/main/${file}): ${what}`).join('\n');
  const skills = SKILLS.map(({ name, title, description }) => {
    const [what = ''] = description.split('. Use it', 1);
    return `- [${title}](${RAW}/main/skills/${name}/SKILL.md): ${what}`;
  });
  return `# rxjs-llm-stream

> RxJS operators for the event streams that LLM servers send: from the socket to text, tool input, messages, whole turns and
> conversations. A source wraps an HTTP stream as a cold Observable of typed events; small operators turn the events into what an
> application needs. It reads and writes the protocols of Anthropic, OpenAI, Gemini, Ollama, Bedrock, the AI SDK, AG-UI and others.

## Documents

${listed(DOCUMENTS)}

## Skills

${skills.join('\n')}

## Optional

${listed(OPTIONAL)}
`;
}

function titleOf(file: string): string {
  return file === 'README.md' ? 'Overview' : (/^# (.+)$/m.exec(textOf(file))?.[1] ?? file);
}

function textOf(file: string): string {
  return readFileSync(new URL(file, ROOT), 'utf8');
}
