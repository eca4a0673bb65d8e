import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { TextDecoder } from 'node:util';
import { VirtualTimeScheduler } from 'rxjs';

/** A client that reads an answer bit by bit. */
export class Reader {
  text = '';
  readonly response: Response;
  readonly #body: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();

  private constructor(response: Response) {
    this.response = response;
    if (response.body === null) throw new Error('An answer without a body');
    this.#body = response.body.getReader();
  }

  static of(response: Response): Reader {
    return new Reader(response);
  }

  static async ask(url: string, init?: RequestInit): Promise<Reader> {
    return new Reader(await fetch(url, init));
  }

  /** Settles once all of this has come; fails where the answer ends before. */
  async sees(...parts: readonly string[]): Promise<void> {
    while (!parts.every((part) => this.text.includes(part))) {
      if (!(await this.#read())) throw new Error(`The answer ended with ${this.text.slice(-200)}`);
    }
  }

  /** The whole answer. */
  async rest(): Promise<string> {
    while (await this.#read());
    return this.text;
  }

  async #read(): Promise<boolean> {
    const { done, value } = await this.#body.read();
    if (!done) this.text += this.#decoder.decode(value, { stream: true });
    return !done;
  }
}

/** A client that has asked and takes nothing of the answer until it is read. */
export async function dawdler(url: string): Promise<IncomingMessage> {
  const [incoming] = (await once(get(url, { agent: false }), 'response')) as [IncomingMessage];
  return incoming;
}

/** Time that passes when it is told to, and tells who waits. */
export class Timers extends VirtualTimeScheduler {
  readonly #watchers: (() => void)[] = [];

  override schedule: VirtualTimeScheduler['schedule'] = (...given) => {
    for (const resolve of this.#watchers.splice(0)) resolve();
    return super.schedule(...given);
  };

  /** Settles once somebody waits for so many ms. */
  async awaited(ms: number): Promise<void> {
    const isAwaited = (): boolean =>
      this.actions.some(({ closed, delay }) => !closed && delay === this.frame + ms);
    while (!isAwaited()) await new Promise<void>((resolve) => this.#watchers.push(resolve));
  }

  /** Lets so many ms pass. */
  pass(ms: number): void {
    this.maxFrames = this.frame + ms;
    this.flush();
    this.frame = this.maxFrames;
  }
}
