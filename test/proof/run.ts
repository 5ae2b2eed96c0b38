import { simulate } from './simulation.ts';
import { modeOf, type Mode } from './plan.ts';
const args = process.argv.slice(2);
const get = (n: string): string | undefined => {
  const i = args.indexOf(`--${n}`);
  return i < 0 ? undefined : args[i + 1];
};
const seed = get('seed');
const mode = get('mode') as Mode | undefined;
if (seed !== undefined) {
  const o = await simulate(Number(seed), mode ?? modeOf(Number(seed)), { isTraced: true });
  console.log(o.trace.join('\n'));
  console.log(o.failures, o.sums);
} else {
  const n = Number(get('seeds') ?? 100),
    base = Number(get('base') ?? 1);
  let bad = 0;
  const t = performance.now();
  const total: Record<string, number> = {};
  const kinds = new Map<string, number[]>();
  for (let s = base; s < base + n; s++) {
    const o = await simulate(s, mode ?? modeOf(s));
    for (const [k, v] of Object.entries(o.sums)) total[k] = (total[k] ?? 0) + v;
    if (o.failures.length) {
      bad++;
      const k = o.mode + ' ' + (o.failures[0] ?? '').replace(/[0-9a-f]{8,}|\d+\$\S+|\d{4}-\d\d-\S+/g, '*').slice(0, 150);
      kinds.set(k, [...(kinds.get(k) ?? []), s]);
    }
  }
  for (const [k, v] of [...kinds].sort((a, b) => b[1].length - a[1].length).slice(0, 15)) console.log(v.length, k, v.slice(0, 6).join(','));
  console.log({ bad, n, ms: Math.round(performance.now() - t), perSeed: (performance.now() - t) / n });
  console.log(JSON.stringify(Object.fromEntries(Object.entries(total).map(([k, v]) => [k, Math.round(v)]))));
}
