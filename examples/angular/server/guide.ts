import { answer, type Cue } from './script.js';
import { events } from 'rxjs-llm-stream';

const CHAPTERS = 40;

/** A table and code in each chapter: what flickers where a page is rendered anew with each piece. */
function chapter(nth: number): string {
  return `## Day ${nth}

Walk **early**, rest *often*, and keep an eye on the \`tea houses\`: [the list](https://example.com/tea) has them all.

| from  | to            | by        | minutes |
| ----- | ------------- | --------- | ------: |
| Kyoto | Uji           | Nara line |      ${nth + 25} |
| Uji   | Byōdō-in      | on foot   |      10 |
| Uji   | Kyoto, Demachi | Keihan    |      ${nth + 40} |

1. Buy the ticket at the machine.
2. Wait behind the line:
   - doors open on the left,
   - and close after 20 seconds.

\`\`\`ts
const day = ${nth};

for (const stop of stops(day)) {
  await visit(stop, { until: '16:00' });
}
\`\`\`

> What you leave out, you may see the next time.

`;
}

const TEXT = Array.from({ length: CHAPTERS }, (_, nth) => chapter(nth + 1)).join('');

/** A guide of 40 chapters, some 3,000 pieces in two seconds. */
export const chapters: readonly Cue[] = answer('guide', 33, 'end_turn', 9_700, [
  { wait: 20, event: events.textStart(0) },
  ...(TEXT.match(/[^]{1,11}/gu) ?? []).map((piece, nth) => ({
    wait: nth % 6 === 5 ? 4 : 0,
    event: events.textDelta(0, piece),
  })),
  { wait: 4, event: events.blockStop(0) },
]);
