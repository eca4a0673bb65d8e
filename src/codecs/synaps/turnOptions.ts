/** What is known about the turns of a stream beforehand. All of it may be left out. */
export interface TurnOptions {
  /**
   * The id of the one prompt whose turn this is. Only its response ends the turn, and it is the `id` of the message.
   * Without it, the response to any prompt, follow-up or turn of the child's own ends the turn.
   */
  readonly promptId?: string | undefined;
  /** Whether the first frame read must be `ready`. Default `false`, for a child whose `ready` was read before. */
  readonly handshake?: boolean | undefined;
  /** The id of the session: with it, the frames written begin with `ready`. */
  readonly sessionId?: string | undefined;
}
