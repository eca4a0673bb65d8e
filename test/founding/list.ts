import type { Item } from './item.js';
import { anthropicApi } from './lists/anthropicApi.js';
import { anthropicGleam } from './lists/anthropicGleam.js';
import { llmWorker } from './lists/llmWorker.js';
import { modelrelay } from './lists/modelrelay.js';
import { synaps } from './lists/synaps.js';

/** Everything that the documentation of the five founding protocols names, and what stands for it here. */
export const LIST: readonly Item[] = [
  ...anthropicApi,
  ...anthropicGleam,
  ...modelrelay,
  ...llmWorker,
  ...synaps,
];
