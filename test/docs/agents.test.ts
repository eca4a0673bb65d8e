import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { agentFiles } from '../../scripts/agentFiles.js';

const ROOT = new URL('../../', import.meta.url);
const FILES = [...agentFiles()];
const SKILLS = FILES.filter(([path]) => path.startsWith('skills/'));

/** What a skill may be called, and how long it may say what it is for: https://agentskills.io/specification */
const NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const LONGEST_DESCRIPTION = 1024;

function fencesOf(text: string): string[] {
  return Array.from(text.matchAll(/^```ts\n([^]*?)^```$/gm), ([, code = '']) => code);
}

describe('what coding agents read', () => {
  it.each(FILES)('%s is as npm run skills writes it', (path, text) => {
    expect(readFileSync(new URL(path, ROOT), 'utf8')).toBe(text);
  });

  it('is all there is in skills/', () => {
    const names = readdirSync(new URL('skills/', ROOT));
    expect(names.map((name) => `skills/${name}/SKILL.md`).sort()).toEqual(
      SKILLS.map(([path]) => path).sort(),
    );
  });

  it.each(SKILLS)('%s begins as the format asks for', (path, text) => {
    const [, name = '', description = ''] = /^---\nname: (.+)\ndescription: "(.+)"\n---\n/.exec(text) ?? [];
    expect(`skills/${name}/SKILL.md`).toBe(path);
    expect(name).toMatch(NAME);
    expect(description.length).toBeGreaterThan(40);
    expect(description.length).toBeLessThanOrEqual(LONGEST_DESCRIPTION);
  });

  it.each(SKILLS)('%s has no code but that of the documents, which is tested there', (_, text) => {
    const documents = [
      'README.md',
      'docs/testing.md',
      'docs/reliability.md',
      'docs/angular.md',
      'docs/recipes.md',
      'docs/runs.md',
    ]
      .map((file) => readFileSync(new URL(file, ROOT), 'utf8'))
      .join('\n');
    const fences = fencesOf(text);
    expect(fences.length).toBeGreaterThan(0);
    expect(fences.filter((code) => !documents.includes(code))).toEqual([]);
  });

  it('llms.txt names files that are here', () => {
    const text = readFileSync(new URL('llms.txt', ROOT), 'utf8');
    expect(text).toMatch(/^# rxjs-llm-stream\n\n> /);
    const files = Array.from(text.matchAll(/\/main\/([^)]+)\)/g), ([, file = '']) => file);
    expect(files.length).toBeGreaterThan(15);
    expect(files.filter((file) => !existsSync(new URL(file, ROOT)))).toEqual([]);
  });
});
