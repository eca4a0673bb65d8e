import fc from 'fast-check';

// The same cases every time, so that a run says something of the code and not of its luck; `SEED` asks for others.
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env['SEED'] ?? 1) });
