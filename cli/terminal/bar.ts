/** A bar that is filled to a fraction (0 to 1), in eighths of a character. @example bar(0.5, 4) // '██░░' */
export function bar(fraction: number, columns: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, fraction)) * columns * 8);
  const full = '█'.repeat(Math.floor(eighths / 8)) + (partial[eighths % 8] ?? '');
  return full + '░'.repeat(Math.max(0, columns - full.length));
}

/** Numbers as a line of bars beside each other, the highest full. @example sparkline([0, 1, 2]) // '▁▅█' */
export function sparkline(numbers: readonly number[]): string {
  const most = Math.max(...numbers, 0);
  const step = (value: number): number => (most === 0 ? 0 : Math.round((Math.max(0, value) / most) * (steps.length - 1)));
  return numbers.map((value) => steps[step(value)]).join('');
}

const partial = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const steps = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
