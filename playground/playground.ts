import { defineElements } from './element/define.js';

defineElements();
