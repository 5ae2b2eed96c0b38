import { expect, test } from '@jest/globals';
import { cutContent, cutPass } from '../../../shared/domain/retention.ts';
import { days } from '../../../shared/domain/window.ts';
import { at, shown } from './at.ts';

test('a content watermark that is served goes on from where it is', () => {
  expect(cutContent(at('2026-11-16T00:00'), at('12:00'), days(7))).toEqual({ watermark: at('2026-11-16T00:00') });
});

test('a content watermark that is too old jumps, and what may be lost begins a day before it, for content is listed late', () => {
  const { watermark, lost } = cutContent(at('2026-11-14T00:00'), at('12:00'), days(7));
  expect([watermark, lost?.start ?? 0, lost?.end ?? 0].map(shown)).toEqual(['2026-11-15T12:15', '2026-11-13T00:00', '2026-11-15T12:15']);
});

test('the watermark of a pass jumps to the next hour line, and what lies between is lost', () => {
  const { watermark, lost } = cutPass(at('2026-11-14T00:00'), at('12:00'), days(7));
  expect([watermark, lost?.start ?? 0, lost?.end ?? 0].map(shown)).toEqual(['2026-11-15T13:00', '2026-11-14T00:00', '2026-11-15T13:00']);
});
