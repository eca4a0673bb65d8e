/** How often Angular looked at what. */
interface CheckCounts {
  /** Runs of change detection. */
  runs: number;
  /** How often the template of each component was checked, by what it shows. */
  readonly checks: Record<string, number>;
}

/** Put there by a test before the app begins; nothing is counted without it. */
declare var checkCounts: CheckCounts | undefined;

/** How many requests of `HttpClient` an interceptor has seen end well. */
declare var endsSeen: number | undefined;
