import fastify from 'fastify';
import { nodeHandler } from '../../../src/server.js';
import { chatHandler } from './chatHandler.js';

const serve = nodeHandler(chatHandler);

export const fastifyApp = fastify();

fastifyApp.post('/api/chat', ({ raw, body }, reply) => {
  const { raw: response } = reply.hijack();
  // What hooks have set, CORS say, goes out with the answer.
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value) response.setHeader(name, value);
  serve(Object.assign(raw, { body }), response);
});
