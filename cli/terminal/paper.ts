import { styleText } from 'node:util';

/** What a stream shows: colours only where it is a terminal and NO_COLOR is not set; as wide as it is. */
export interface Paper {
  readonly width: number;
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
}

/** @param stream Where text goes that is not a terminal's, COLUMNS or 160 is the width. */
export function paperOf(stream: NodeJS.WriteStream = process.stdout): Paper {
  const style = (name: 'dim' | 'bold') => (text: string) => styleText(name, text, { stream });
  return { width: widthOf(stream), dim: style('dim'), bold: style('bold') };
}

function widthOf(stream: Partial<NodeJS.WriteStream>): number {
  const said = Number(process.env.COLUMNS);
  return stream.columns ?? (Number.isInteger(said) && said > 0 ? said : 160);
}
