import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Job, Results } from './job.js';

export const PEERS_FOLDER = fileURLToPath(new URL('peers', import.meta.url));

/** One collector thread: helpers that wait for each other would count as work on a busy machine. */
const FLAGS = ['--expose-gc', '--single-threaded-gc'];

const run = promisify(execFile);

/** Runs jobs, each in a fresh process, one after another. */
export class Children {
  readonly #file: string;

  /**
   * @param file - the built `measure.ts`
   */
  constructor(file: string) {
    this.#file = file;
  }

  async measure<J extends Job>(job: J): Promise<Results[J['kind']]> {
    const { stdout } = await run(process.execPath, [...FLAGS, this.#file, JSON.stringify(job), PEERS_FOLDER]);
    return JSON.parse(stdout) as Results[J['kind']];
  }
}
