export * from '../../src/testing/pictures/drawing.js';
