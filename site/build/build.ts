import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { apiArguments } from './api.js';
import { writePages } from './pages.js';
import { DIST, SITE } from './places.js';
import { keepPolicy } from './policy.js';

/**
 * Builds the site into `.vitepress/dist`.
 *
 * @returns how many pages it has
 * @throws Error where a link of a page leads nowhere
 */
export async function buildSite(): Promise<number> {
  install();
  run('npm', '--prefix', '..', 'run', '--silent', 'playground');
  run('node_modules/.bin/typedoc', ...apiArguments());
  await writePages();
  run('node_modules/.bin/vitepress', 'build');
  return keepPolicy(DIST);
}

/** Installs what builds the site, which nobody else needs; not again while its lock file is as it was. */
function install(): void {
  const installed = new URL('node_modules/.package-lock.json', SITE);
  const wanted = new URL('package-lock.json', SITE);
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) return;
  run('npm', 'ci');
}

function run(program: string, ...args: readonly string[]): void {
  execFileSync(program, args, { cwd: fileURLToPath(SITE), stdio: 'inherit' });
}
