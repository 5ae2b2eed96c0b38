/**
 * Prettier for AssemblyScript: it is TypeScript but for decorators of functions and constants (`@inline`), which no parser of TypeScript
 * takes. A line that is one decorator goes through Prettier as a comment, and is printed as it was.
 */

import * as estree from 'prettier/plugins/estree';
import * as typescript from 'prettier/plugins/typescript';

const mark = 'decorator@';
const plain = typescript.parsers.typescript;
const printer = estree.printers.estree;

/** One parser, for files of engine/; see .prettierrc.json. */
export const parsers = {
  assemblyscript: {
    ...plain,
    astFormat: 'assemblyscript',
    preprocess: (text) => text.replace(/^@(.*)$/gm, `//${mark}$1`),
  },
};

/** Prints what it parses. */
export const printers = {
  assemblyscript: {
    ...printer,
    printComment: (path, options) => {
      const { value } = path.node;
      return value.startsWith(mark) ? `@${value.slice(mark.length)}` : printer.printComment(path, options);
    },
  },
};
