import type { SnapshotOptions } from '../../json/reader.js';
import { InputReader } from './inputReader.js';

/**
 * @param options - limits, and whether wide open containers are shown through views
 * @returns an input that is read while it comes in, for what shows it growing
 */
export function growingInput(options?: SnapshotOptions): InputReader {
  return new InputReader(options);
}
