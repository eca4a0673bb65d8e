export { toSvg } from '../../src/pictures/toSvg.js';
