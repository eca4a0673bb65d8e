import { play } from './play.js';

// What it finds goes to the standard error, and so does what the library might write; a sound run writes nothing.
const { values, problems } = play();
for (const problem of new Set(problems)) process.stderr.write(`${problem}\n`);
if (values < 1_000) process.stderr.write(`Only ${values} values were played\n`);
