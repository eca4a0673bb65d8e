require('./trap.cjs');
const rxjs = require('rxjs');
const library = require('rxjs-llm-stream');
const anthropicEntry = require('rxjs-llm-stream/anthropic');
const check = require('./check.cjs');

void check(rxjs, library, anthropicEntry);
