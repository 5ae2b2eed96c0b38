import { runCommandLine } from './command-line.ts';
import { endQuietlyWithReader, toStderr } from './commands/output.ts';

endQuietlyWithReader();
process.exitCode = await runCommandLine(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: toStderr,
});
