export { toText, type TextOptions as TerminalOptions } from '../../src/pictures/toText.js';
