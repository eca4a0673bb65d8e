export * from '../../src/pictures/drawing.js';
