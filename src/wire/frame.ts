/**
 * One SSE message or one NDJSON line, its data unread.
 *
 * For SSE the fields are those of the WHATWG standard: `event` is absent for the default type `message`, `id` is
 * the last event id in force (it persists from frame to frame, absent while empty), `retry` is in ms and stands
 * only on the frame of the block that set it.
 */
export interface Frame {
  readonly data: string;
  readonly event?: string | undefined;
  readonly id?: string | undefined;
  readonly retry?: number | undefined;
}
