import { memoryLog } from '../../src/log/memoryLog.js';
import { Timers } from '../server/clients.js';
import { lawsOf } from './laws.js';

const settle = (): Promise<void> => Promise.resolve();

lawsOf({ name: 'memoryLog', open: async () => memoryLog({}, new Timers()), settle });

lawsOf({
  name: 'memoryLog, which trims',
  open: async () => memoryLog({ keep: { entries: 3 } }, new Timers()),
  settle,
  trims: true,
});
