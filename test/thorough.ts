/** Whether there is time for every case: CI has it, who waits for `npm test` does not. */
export const isThorough = process.env['CI'] === 'true';
