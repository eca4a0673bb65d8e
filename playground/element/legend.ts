import { UNMEASURED } from '../model/measures.js';
import type { Shown } from '../model/session.js';
import { timeWords } from './axisCanvas.js';
import { h } from './dom.js';

/** How fast it was, below the axis. */
export function factsOf(shown: Shown | undefined): HTMLElement[] {
  const { firstOutput, gaps, metrics: metricsOf } = shown?.measures ?? UNMEASURED;
  const metrics = metricsOf();
  const [longest] = gaps;
  const facts: (readonly [string, string])[] = [
    ['▾ first content', firstOutput === undefined ? 'never' : timeWords(firstOutput)],
    ...(longest ? [['▬ longest wait for content', timeWords(longest.to - longest.from)] as const] : []),
    ...(metrics?.tokensPerSecond ? [['tokens per second', metrics.tokensPerSecond.toFixed(1)] as const] : []),
    ...(shown ? [['all of it', timeWords(shown.recording.end.at)] as const] : []),
  ];
  return facts.map(([name, value]) => h('span', {}, `${name} `, h('b', {}, value)));
}

const KEYS: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['←', '→'], 'choose'],
  [['Alt ←', 'Alt →'], 'move by 1 ms'],
  [['Shift ←', 'Shift →'], 'by 10'],
  [['P'], 'ping'],
  [['S'], 'stall'],
  [['E'], 'error'],
  [['R'], 'reset'],
  [['C'], 'cut'],
  [['U'], 'undo'],
];

/** What the keys on a row do. */
export function keysHint(): HTMLElement {
  const keys = KEYS.flatMap(([names, does], nth): (Node | string)[] => [
    nth === 0 ? '' : ', ',
    ...names.flatMap((name) => [h('kbd', {}, name), ' ']),
    does,
  ]);
  return h('p', { class: 'keys' }, 'Keys on a row: ', ...keys, '. Or drag a marble.');
}
