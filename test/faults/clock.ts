import { VirtualTimeScheduler } from 'rxjs';

/** Time that passes when it is told to. */
export class Clock extends VirtualTimeScheduler {
  readonly #set: (() => void)[] = [];

  override schedule: VirtualTimeScheduler['schedule'] = (...given) => {
    const action = super.schedule(...given);
    for (const resolve of this.#set.splice(0)) resolve();
    return action;
  };

  /** Lets so many ms pass, once somebody waits for this clock at all. */
  async pass(ms: number): Promise<void> {
    while (this.actions.length === 0) await new Promise<void>((resolve) => this.#set.push(resolve));
    this.maxFrames = this.frame + ms;
    this.flush();
    this.frame = this.maxFrames;
  }
}
