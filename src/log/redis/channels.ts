import { Subscription } from 'rxjs';
import type { Patience } from '../patience.js';
import { failureOf } from './refusal.js';

/** What a log needs of a connection of node-redis that subscribes. */
export interface NodeRedisSubscriber {
  subscribe(channel: string, listener: (message: string, channel: string) => void): Promise<unknown>;
  unsubscribe(channel: string, listener: (message: string, channel: string) => void): Promise<unknown>;
  on(event: string, listener: (...args: string[]) => void): unknown;
  off(event: string, listener: (...args: string[]) => void): unknown;
}

/** What a log needs of a connection of ioredis that subscribes. */
export interface IoRedisSubscriber {
  subscribe(channel: string): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  on(event: string, listener: (...args: string[]) => void): unknown;
  off(event: string, listener: (...args: string[]) => void): unknown;
  call: unknown;
}

/** A connection of node-redis or of ioredis that is there to subscribe. */
export type RedisSubscriber = NodeRedisSubscriber | IoRedisSubscriber;

/** Who listens to a channel. */
export interface Listener {
  message(text: string): void;
  /** From now on everything comes; what came before has to be looked up. */
  ready(): void;
  /** From now on nothing comes, until it is ready again. */
  lost(): void;
  /** Nothing will come any more. */
  failed(error: unknown): void;
}

interface Channel {
  readonly listeners: Set<Listener>;
  /** Closed once nobody listens any more. */
  readonly left: Subscription;
  isReady: boolean;
}

/** Channels of Redis on one connection, however many listen. */
export class Channels {
  readonly #subscriber: RedisSubscriber;
  readonly #patience: Patience;
  readonly #channels = new Map<string, Channel>();
  /** What node-redis calls with a message. */
  readonly #heard = (message: string, name: string): void => {
    for (const listener of [...(this.#channels.get(name)?.listeners ?? [])]) listener.message(message);
  };
  /** Set while somebody listens. */
  #unwatch: (() => void) | undefined;

  constructor(subscriber: RedisSubscriber, patience: Patience) {
    this.#subscriber = subscriber;
    this.#patience = patience;
  }

  /**
   * Listens to a channel.
   *
   * @returns ends it
   */
  listen(name: string, listener: Listener): () => void {
    if (this.#channels.size === 0) this.#watch();
    const known = this.#channels.get(name);
    const channel: Channel = known ?? {
      listeners: new Set(),
      left: new Subscription(),
      isReady: false,
    };
    channel.listeners.add(listener);
    if (!known) {
      this.#channels.set(name, channel);
      void this.#subscribe(name, channel);
    } else if (channel.isReady) listener.ready();
    return () => {
      channel.listeners.delete(listener);
      if (channel.listeners.size > 0 || this.#channels.get(name) !== channel) return;
      this.#forget(name);
      void this.#unsubscribe(name);
    };
  }

  async #subscribe(name: string, channel: Channel): Promise<void> {
    try {
      await this.#patience
        .until(channel.left)
        .of(async () =>
          'call' in this.#subscriber
            ? this.#subscriber.subscribe(name)
            : this.#subscriber.subscribe(name, this.#heard),
        );
      channel.isReady = true;
      for (const listener of [...channel.listeners]) listener.ready();
    } catch (error) {
      this.#fail(name, channel, failureOf(error));
    }
  }

  async #unsubscribe(name: string): Promise<void> {
    try {
      await ('call' in this.#subscriber
        ? this.#subscriber.unsubscribe(name)
        : this.#subscriber.unsubscribe(name, this.#heard));
    } catch {
      // A connection that is closed subscribes to nothing.
    }
  }

  #fail(name: string, channel: Channel, error: unknown): void {
    if (this.#channels.get(name) === channel) this.#forget(name);
    for (const listener of [...channel.listeners]) listener.failed(error);
  }

  #forget(name: string): void {
    this.#channels.get(name)?.left.unsubscribe();
    this.#channels.delete(name);
    if (this.#channels.size === 0) this.#unwatch?.();
  }

  /** Hears of the connection, while somebody needs it. */
  #watch(): void {
    const lost = (): void => {
      for (const channel of this.#channels.values()) {
        if (channel.isReady) for (const listener of [...channel.listeners]) listener.lost();
        channel.isReady = false;
      }
    };
    const handlers: Readonly<Record<string, (...args: string[]) => void>> = {
      close: lost,
      reconnecting: lost,
      // Both clients subscribe again by themselves, but only one of them says when that is done.
      ready: () => {
        for (const [name, channel] of [...this.#channels]) void this.#subscribe(name, channel);
      },
      end: () => {
        lost();
        for (const [name, channel] of [...this.#channels])
          this.#fail(name, channel, failureOf(new Error('The subscriber was closed')));
      },
      ...('call' in this.#subscriber && {
        message: (name: string, message: string) => this.#heard(message, name),
      }),
    };
    const events = Object.entries(handlers);
    for (const [event, handler] of events) this.#subscriber.on(event, handler);
    this.#unwatch = () => {
      for (const [event, handler] of events) this.#subscriber.off(event, handler);
    };
  }
}
