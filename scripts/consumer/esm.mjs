import './trap.cjs';
import * as rxjs from 'rxjs';
import * as library from 'rxjs-llm-stream';
import * as anthropicEntry from 'rxjs-llm-stream/anthropic';
import check from './check.cjs';

await check(rxjs, library, anthropicEntry);
