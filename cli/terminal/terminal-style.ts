import { styleText } from 'node:util';

/** How pages are written to a stream: as a terminal shows them best, or as another program reads them. */
export interface TerminalStyle {
  /** Columns that a line may take; Infinity where nothing limits it. */
  readonly width: number;
  /** Tables are aligned for people, or have a tab between their cells for programs; then nothing is cut. */
  readonly layout: 'aligned' | 'tab-separated';
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
}

/**
 * The style for a stream. Colours are for terminals without NO_COLOR; COLUMNS sets a width where the stream has none of its own.
 *
 * @param stream Its width counts when it is a terminal's and not 0, which some terminals say that do not know theirs.
 */
export function terminalStyle(stream: Partial<NodeJS.WriteStream> = process.stdout, env: NodeJS.ProcessEnv = process.env): TerminalStyle {
  const style = (name: 'dim' | 'bold') => (text: string) => styleText(name, text, { stream: stream as NodeJS.WriteStream });
  const width = positive(stream.columns) ?? positive(Number(env.COLUMNS));
  const layout = stream.isTTY === true || width !== undefined ? 'aligned' : 'tab-separated';
  return { width: width ?? Infinity, layout, dim: style('dim'), bold: style('bold') };
}

/** The same, for a report that people read wherever it goes, a build's log included. */
export function reportStyle(stream?: Partial<NodeJS.WriteStream>): TerminalStyle {
  return { ...terminalStyle(stream), layout: 'aligned' };
}

/** Changes a text but for the codes of our own style, which stay where they are: no other code gets through. */
export function withoutStyle(text: string, change: (part: string) => string): string {
  return text
    .split(ownCodes)
    .map((part, index) => (index % 2 === 1 ? part : change(part)))
    .join('');
}

/** Bold, dim, and the end of both, as `styleText` writes them. */
const ownCodes = new RegExp('(\\u001b\\[(?:1|2|22)m)');

function positive(columns: number | undefined): number | undefined {
  return columns !== undefined && Number.isInteger(columns) && columns > 0 ? columns : undefined;
}
