import { fileURLToPath } from 'node:url';
import { build } from 'tsdown';

const OUTPUT = fileURLToPath(new URL('../node_modules/.cache/rxjs-llm-stream-bench/', import.meta.url));

/**
 * Builds what a child process runs, the library inside it, with the tool and the target of the release. Loaders that
 * compile on the fly wrap every closure to keep its name, which costs a library made of closures too much.
 *
 * @param name - of the built file
 * @param source - what it is built from, beside this file
 * @returns the path of the built file
 */
export async function buildChild(name: string, source: string): Promise<string> {
  await build({
    entry: { [name]: fileURLToPath(new URL(source, import.meta.url)) },
    outDir: OUTPUT,
    // The other builds stand there too.
    clean: false,
    config: false,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    fixedExtension: true,
    dts: false,
    report: false,
    logLevel: 'warn',
    deps: {
      neverBundle: [
        'mitata',
        '@anthropic-ai/sdk',
        /^@smithy\/core/,
        /^@opentelemetry\//,
        'eventsource-parser',
        'redis5',
        'rxjs',
        'zod',
      ],
    },
  });
  return `${OUTPUT}${name}.mjs`;
}
