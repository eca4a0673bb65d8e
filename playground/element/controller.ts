import { FIRST_CHAIN, type Step } from '../model/chain.js';
import { withEdit, type Edit } from '../model/edits.js';
import { fragmentOf, linkedIn, LONGEST_SOURCE, type Linked } from '../model/fragment.js';
import { NotOpened, opened, type Given, type Opened } from '../model/opened.js';
import { Session, type Shown } from '../model/session.js';
import { Superseded, turnsOf } from '../model/slices.js';

/** What is asked for: everything that a link carries, and a source that may be too large for one. */
export interface Asked {
  readonly given: Given;
  readonly codec: string | undefined;
  readonly body: number | undefined;
  readonly edits: readonly Edit[];
  readonly chains: readonly (readonly Step[])[];
}

/** What is there: the source as it was read, or why it was not. */
export interface State {
  readonly asked: Asked;
  readonly opened: Opened | undefined;
  readonly shown: Shown | undefined;
  readonly problem: string | undefined;
  readonly isBusy: boolean;
}

/** Works in slices on what was asked for last, and says what there is. */
export class Controller {
  state: State;
  readonly #session = new Session();
  readonly #changed: (state: State) => void;
  #newest = 0;
  #openedFor: Pick<Asked, 'given' | 'codec' | 'body'> | undefined;

  /**
   * @param source - what is there at first
   * @param changed - hears of each state
   */
  constructor(source: string, changed: (state: State) => void) {
    this.#changed = changed;
    const asked = { given: source, codec: undefined, body: undefined, edits: [], chains: [FIRST_CHAIN] };
    this.state = { asked, opened: undefined, shown: undefined, problem: undefined, isBusy: false };
  }

  /** Another source: what was changed of the one before is of no account. */
  open(
    given: Given,
    options: { readonly codec?: string | undefined; readonly body?: number | undefined } = {},
  ): Promise<void> {
    return this.ask({ given, codec: options.codec, body: options.body, edits: [] });
  }

  edit(edit: Edit): Promise<void> {
    return this.ask({ edits: withEdit(this.state.asked.edits, edit) });
  }

  undo(): Promise<void> {
    return this.ask({ edits: this.state.asked.edits.slice(0, -1) });
  }

  /** Settles when what was asked for last is there, or is not wanted any more. */
  idle: Promise<void> = Promise.resolve();

  /** Asks for something else, and settles when it is there or is not wanted any more. */
  ask(change: Partial<Asked>): Promise<void> {
    this.idle = this.#ask(change);
    return this.idle;
  }

  async #ask(change: Partial<Asked>): Promise<void> {
    const mine = ++this.#newest;
    const turns = turnsOf(() => mine === this.#newest);
    const asked = { ...this.state.asked, ...change };
    this.state = { ...this.state, asked };
    const patience = setTimeout(() => this.#tell({ isBusy: true }), 80);
    try {
      let source = this.state.opened;
      if (!source || !isSame(this.#openedFor, asked)) {
        source = await opened(asked.given, turns, asked);
        this.#openedFor = asked;
        this.state = { ...this.state, opened: source };
      }
      const shown = await this.#session.show(source.feed, asked.edits, asked.chains, turns);
      if (mine === this.#newest) this.#tell({ opened: source, shown, problem: undefined, isBusy: false });
    } catch (error) {
      if (error instanceof Superseded || mine !== this.#newest) return;
      this.#openedFor = undefined;
      const isForPeople =
        error instanceof NotOpened || error instanceof SyntaxError || error instanceof Error;
      const problem = isForPeople ? error.message : String(error);
      this.#tell({ opened: undefined, shown: undefined, problem, isBusy: false });
    } finally {
      clearTimeout(patience);
    }
  }

  /** What stands behind the `#` of a link to all this. */
  link(): Promise<string> {
    const { given, codec, body, edits, chains } = this.state.asked;
    const source = typeof given === 'string' ? given : undefined;
    return fragmentOf({ source, codec, body, edits, chains });
  }

  /** Whether a link would carry the source, too. */
  get isLinkable(): boolean {
    const { given } = this.state.asked;
    return typeof given === 'string' && given.length <= LONGEST_SOURCE;
  }

  /**
   * Loads what a link carries.
   *
   * @returns whether there was anything
   * @throws NotLinked saying why it cannot be loaded
   */
  async load(fragment: string): Promise<boolean> {
    const linked: Linked | undefined = await linkedIn(fragment);
    if (!linked) return false;
    const { source, codec, body, edits, chains } = linked;
    await this.ask({
      codec,
      body,
      edits: source === undefined ? [] : edits,
      chains,
      ...(source !== undefined && { given: source }),
    });
    return true;
  }

  #tell(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    this.#changed(this.state);
  }
}

function isSame(one: Pick<Asked, 'given' | 'codec' | 'body'> | undefined, other: Asked): boolean {
  return one?.given === other.given && one.codec === other.codec && one.body === other.body;
}
