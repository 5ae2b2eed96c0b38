/** Bugs of what makes manifests, each of which the simulation with crashes has to find. */

import { bug } from '../../proof/planted-bugs/planted-bug.ts';
import type { PlantedAdapter } from './adapter-bug.ts';

const chain = 'shared/domain/evidence/chain.ts';
const station = 'lambdas/manifest/make-manifests.ts';
const putting =
  'const there = await evidence.putManifest(key, manifestText(manifest));\n  const { notes, ...to } = positionAfter(dataset, state, key, there);';

/** The maker of manifests. */
export const manifests: PlantedAdapter = {
  name: 'manifests',
  tests: ['test/evidence/manifests.test.ts'],
  bugs: [
    bug('the hour that is running is listed', chain, 'boolean => hour <= due &&', "boolean => hour <= 'due' &&"),
    bug('an hour is listed while a job of it is pending', chain, '.filter((hour) => !pending.has(hour)).sort()', '.sort()'),
    bug('hours with a pending job are passed', chain, 'new Set([...state.open, ...waiting])', 'new Set([...state.open])'),
    bug('hours that were open are forgotten', chain, 'new Set([...state.open, ...waiting])', 'new Set([...waiting])'),
    bug(
      'an hour whose job is landed again is listed again',
      chain,
      '(state.through === undefined || hour > state.through)',
      '(state.through === undefined || hour > state.open.join())',
    ),
    bug('an hour that was listed stays open', chain, '.filter((hour) => !closes.includes(hour)).sort();', '.sort();'),
    bug(
      'hours that have no room in a manifest are passed',
      chain,
      'closes.length < closable.length ? laterOf(closes.at(-1), state.through) : laterOf(due, state.through)',
      'laterOf(due, state.through)',
    ),
    bug(
      'every manifest follows the first one',
      chain,
      'head: digestOfText(text), through',
      'head: state.head ?? digestOfText(text), through',
    ),
    bug(
      'what another has put is gone on from, whatever it says',
      station,
      'if (foreign === undefined) return false;',
      'if (true) return false;',
    ),
    bug('what does not follow is gone on from', chain, 'if (!follows)', 'if (!manifest)'),
    bug(
      'notes are listed and kept',
      station,
      'evidence.save(dataset, state.version, to, notes)',
      'evidence.save(dataset, state.version, to, [])',
    ),
    bug(
      'notes that came after the list are forgotten',
      station,
      'evidence.save(dataset, state.version, to, notes)',
      'evidence.save(dataset, state.version, to, (await evidence.notes(dataset)).map(({ id }) => id))',
    ),
    bug(
      'a run goes on from its own manifest, whoever has put one',
      station,
      putting,
      'const there = manifestText(manifest); await evidence.putManifest(key, there); const { notes, ...to } = positionAfter(dataset, state, key, there);',
    ),
    bug(
      'the ledger is moved on before the manifest is put',
      station,
      putting,
      'const there = manifestText(manifest); const { notes, ...to } = positionAfter(dataset, state, key, there); if (!(await evidence.save(dataset, state.version, to, notes))) return "again"; await evidence.putManifest(key, there); return "manifest";',
    ),
  ],
};
