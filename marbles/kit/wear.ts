export { nameOf, wear } from '../../src/pictures/wear.js';
