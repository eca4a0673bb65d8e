import { readFileSync } from 'node:fs';

describe('the page on an operator of your own', () => {
  it.each(['shortcodes.ts', 'shortcodes.test.ts', 'wordCount.ts', 'wordCount.test.ts'])(
    'shows %s, which is run here',
    (file) => {
      const page = readFileSync(new URL('../../docs/operators.md', import.meta.url), 'utf8');
      const code = readFileSync(new URL(file, import.meta.url), 'utf8')
        .replace('../../src/index.js', 'rxjs-llm-stream')
        .replace(/\.\.\/\.\.\/src\/(\w+)\.js/g, 'rxjs-llm-stream/$1');
      expect(page).toContain(`\`\`\`ts\n${code}\`\`\``);
    },
  );
});
