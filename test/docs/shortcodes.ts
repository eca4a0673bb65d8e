import type { OperatorFunction } from 'rxjs';
import type { ContentBlockDeltaEvent, EventsWith, StreamEvent } from '../../src/index.js';
import { transformText } from '../../src/text.js';

const SHORTCODES: Readonly<Record<string, string>> = { ':rocket:': '🚀', ':tada:': '🎉' };

/** What may still become a shortcode, at the end of a text. */
const BEGUN = /:\w{0,20}$/;

/** Shows shortcodes as the emoji that they stand for. */
export function shortcodes<E extends StreamEvent>(): OperatorFunction<
  E,
  EventsWith<E, ContentBlockDeltaEvent>
> {
  return transformText(() => {
    let held = '';
    return {
      next(piece) {
        const text = (held + piece).replace(/:\w{1,20}:/g, (code) => SHORTCODES[code] ?? code);
        [held = ''] = BEGUN.exec(text) ?? [];
        return text.slice(0, text.length - held.length);
      },
      end: () => held,
    };
  });
}
