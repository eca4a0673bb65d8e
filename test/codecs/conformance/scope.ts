import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { FEATURES, type Carries, type Feature } from './carries.js';

/** What generated events may hold. */
export interface Scope {
  has(feature: Feature): boolean;
  /**
   * Whether they may be written in any way that a stream may be, and not only as factories and our decoders write
   * them: starts that hold content, inputs that are no JSON, gaps between indexes, a `message_delta` in between.
   */
  readonly isLoose: boolean;
  /** An event of an unknown type, as a protocol spells it. */
  stranger(name: string, fields: object): StreamEvent;
}

/** The names of all features. */
export const ALL = Object.keys(FEATURES) as readonly Feature[];

/** What all of these protocols carry as it is. */
export function carriedBy(...protocols: readonly Carries[]): ReadonlySet<Feature> {
  return new Set(ALL.filter((feature) => protocols.every((carries) => carries[feature] === true)));
}

/** The scope of these features, written as our decoders write them. */
export function scopeOf(features: ReadonlySet<Feature>, stranger: Scope['stranger'] = spelledAsHere): Scope {
  return { has: (feature) => features.has(feature), isLoose: false, stranger };
}

/** Everything, in any way it may be written. */
export const EVERYTHING: Scope = { has: () => true, isLoose: true, stranger: spelledAsHere };

/**
 * Everything, but no errors where the protocol has no word for one: its stream then breaks off, and nothing says that
 * what follows is another message.
 */
export function everythingIn(carries: Carries): Scope {
  return { ...EVERYTHING, has: (feature) => feature !== 'errors' || carries.errors === true };
}

function spelledAsHere(name: string, fields: object): StreamEvent {
  return events.unknown(name, { type: name, ...fields });
}
