export { toSvg } from '../../src/testing/pictures/toSvg.js';
