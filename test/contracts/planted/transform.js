/** Jest's transformer, with a bug planted: each edit replaces a text that has to be in its file exactly once. */

import swc from '@swc/jest';

const settings = { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } };

export default {
  createTransformer({ edits }) {
    const inner = swc.createTransformer(settings);
    const planted = (source, path) =>
      edits.filter(({ file }) => path.endsWith(`/${file}`)).reduce((text, edit) => replaceOnce(text, edit), source);
    return {
      process: (source, path, options) => inner.process(planted(source, path), path, options),
      processAsync: (source, path, options) => inner.processAsync(planted(source, path), path, options),
      getCacheKey: (source, path, options) => inner.getCacheKey(planted(source, path), path, options),
    };
  },
};

/** Where lines break does not matter. */
function replaceOnce(text, { file, from, to }) {
  const words = from
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(words.join('\\s+'), 'g');
  const places = text.match(pattern)?.length ?? 0;
  if (places !== 1) throw new Error(`PLANT ANEW: '${from}' is ${String(places)} times in ${file} instead of once`);
  return text.replace(pattern, () => to);
}
