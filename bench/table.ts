/** A table in Markdown. */
export function table(heads: readonly string[], lines: readonly (readonly string[])[]): string {
  const rule = heads.map(() => '---');
  return [heads, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** A multiple, as it is printed. */
export function times(value: number): string {
  return value.toFixed(2);
}

/** Whether a target is reached. */
export function verdictOf(isReached: boolean): string {
  return isReached ? 'holds' : '**misses**';
}
