export { mockServer, withMockServer, type MockServer } from './network/mockServer.js';
