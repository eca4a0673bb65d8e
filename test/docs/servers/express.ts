import express from 'express';
import { nodeHandler } from '../../../src/server.js';
import { chatHandler } from './chatHandler.js';

export const expressApp = express();

expressApp.use(express.json());
expressApp.post('/api/chat', nodeHandler(chatHandler));
