export { mockServer, withMockServer, type MockServer } from './mockServer.js';
