export { nameOf, wear } from '../../src/testing/pictures/wear.js';
