import { map, timer } from 'rxjs';
import type { ToolHandlers } from 'rxjs-llm-stream';

/** In ms: what saving would take. */
const SAVING = 600;

/** What the model may call, run here in the browser. */
export const tools: ToolHandlers = {
  plan_trip: () => timer(SAVING).pipe(map(() => 'Saved in the planner')),
};
