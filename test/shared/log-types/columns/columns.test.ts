import { describe, test } from '@jest/globals';
import { specimenGroups } from './index.ts';
import { readingColumns } from './specimens.ts';

const expectReads = readingColumns();

describe.each(specimenGroups)('$of', ({ specimens }) => {
  test.each(specimens)('$name', expectReads);
});
