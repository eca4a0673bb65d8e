export { mockServer, type MockServer, type MockServerOptions } from './network/mockServer.js';
