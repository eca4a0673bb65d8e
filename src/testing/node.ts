export { mockServer, withMockServer, type MockServer, type MockServerOptions } from './network/mockServer.js';
