import { fileURLToPath } from 'node:url';
import { fromEvent, takeUntil } from 'rxjs';
import { toTranscript, turn } from './turn.js';

const SCRIPTED = { file: process.execPath, args: [fileURLToPath(new URL('child.mjs', import.meta.url))] };

const [prompt = 'What is here?', file, ...args] = process.argv.slice(2);

turn(file === undefined ? SCRIPTED : { file, args }, prompt)
  .pipe(toTranscript(), takeUntil(fromEvent(process, 'SIGINT')))
  .subscribe({
    next: (text) => process.stdout.write(text),
    complete: () => process.stdout.write('\n'),
    error: (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    },
  });
