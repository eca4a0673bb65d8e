/** Draws the picture of the documentation anew. */
import { writeFileSync } from 'node:fs';
import { examplePicture } from './example.js';

writeFileSync(new URL('../../docs/recorded-stream.svg', import.meta.url), examplePicture());
