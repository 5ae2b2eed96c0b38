import type { Write } from './query/print.ts';

/** Writes to stdout, as fast as its reader takes it. */
export const toStdout: Write = async (text) => {
  if (process.stdout.write(text)) return;
  await new Promise<void>((resolve) => {
    process.stdout.once('drain', resolve);
  });
};

/** A reader that has seen enough (`| head`) ends the command, quietly. */
export function endQuietlyWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
}
