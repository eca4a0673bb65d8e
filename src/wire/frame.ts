/**
 * One SSE message or one NDJSON line, its data unread.
 *
 * For SSE the fields are those of the WHATWG standard: `event` is absent for the default type `message`, `id` is
 * the last event id in force (it persists from frame to frame, absent while empty), `retry` is in ms and appears
 * only on the frame of the block that set it.
 */
export interface Frame {
  readonly data: string;
  readonly event?: string | undefined;
  readonly id?: string | undefined;
  readonly retry?: number | undefined;
  /**
   * Set on the last frame of a stream that ended before the blank line or line end of that frame. Its data may be cut:
   * `decode` reports `truncated` where it cannot be read.
   */
  readonly unterminated?: true | undefined;
}
