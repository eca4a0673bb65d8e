export { chatHandler as POST } from './chatHandler.js';
