/** One source where all log types agree, else each with the log types that it is of. */
export function bySource(logTypes: readonly string[], sourceIn: (logType: string) => string): string {
  const idsBySource = new Map<string, string[]>();
  for (const id of logTypes) idsBySource.set(sourceIn(id), [...(idsBySource.get(sourceIn(id)) ?? []), id]);
  if (idsBySource.size === 1) return [...idsBySource.keys()].join('');
  const parts = [...idsBySource].filter(([source]) => source !== '');
  return parts.map(([source, ids]) => `${source} (${ids.join(', ')})`).join('; ');
}
