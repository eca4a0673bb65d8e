/** How the texts of a reply, or of several, are joined. */
export interface TextOptions {
  /**
   * What stands between two texts that are not one: between two messages, and where a message has something else between
   * them, such as a call, a result or thinking. Text blocks that are neighbours are one text, which citations cut in
   * mid-sentence. Default: two line feeds.
   */
  readonly between?: string;
}

/** An empty line, as between two paragraphs. */
export const BETWEEN = '\n\n';
