export { toText, type TextOptions as TerminalOptions } from '../../src/testing/pictures/toText.js';
