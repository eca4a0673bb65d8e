/** Which protocol a stream is of: `rxjs-llm-stream/detect`. */
export { detectCodec } from './detect/detectCodec.js';
