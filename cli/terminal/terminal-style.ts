import { styleText } from 'node:util';

/** What a stream shows: colours only where it is a terminal and NO_COLOR is not set; as wide as it is. */
export interface TerminalStyle {
  readonly width: number;
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
}

/** @param stream Where text goes that is not a terminal's, COLUMNS or 160 is the width. */
export function terminalStyle(stream: NodeJS.WriteStream = process.stdout): TerminalStyle {
  const style = (name: 'dim' | 'bold') => (text: string) => styleText(name, text, { stream });
  return { width: widthOf(stream), dim: style('dim'), bold: style('bold') };
}

function widthOf(stream: Partial<NodeJS.WriteStream>): number {
  const configured = Number(process.env.COLUMNS);
  return stream.columns ?? (Number.isInteger(configured) && configured > 0 ? configured : 160);
}
