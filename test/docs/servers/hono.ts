import { Hono } from 'hono';
import { chatHandler } from './chatHandler.js';

export const honoApp = new Hono();

honoApp.post('/api/chat', ({ req }) => chatHandler(req.raw));
