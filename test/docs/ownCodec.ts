import { events, StreamError, type Codec, type StreamEvent } from '../../src/index.js';

/** A line has one of these, or something that is not known. */
interface Line {
  readonly start?: string;
  readonly say?: string;
  readonly stop?: string;
  readonly oops?: string;
}

/** Reads the protocol. A codec that a gateway writes with has an `encoder` too. */
export const own: Omit<Codec, 'encoder'> = {
  name: 'own',
  framing: 'ndjson',
  decoder() {
    let isOpen = false;
    const next = ({ start, say, stop, oops, ...rest }: Line): readonly StreamEvent[] => {
      if (start !== undefined) return [events.messageStart({ id: start })];
      if (say !== undefined) {
        const begun = isOpen ? [] : [events.textStart(0)];
        isOpen = true;
        return [...begun, events.textDelta(0, say)];
      }
      if (stop !== undefined) {
        const reason = stop === 'full' ? 'max_tokens' : 'end_turn';
        return [...(isOpen ? [events.blockStop(0)] : []), events.messageDelta(reason), events.messageStop()];
      }
      if (oops !== undefined) return [events.error('api_error', oops)];
      return Object.entries(rest).map(([name, data]) => events.unknown(name, data));
    };
    return { next: ({ data }) => next(lineOf(data)), end: () => [] };
  },
};

function lineOf(data: string): Line {
  try {
    return JSON.parse(data) as Line;
  } catch (cause) {
    throw new StreamError('malformed', 'The line is not JSON', { raw: data, cause });
  }
}
