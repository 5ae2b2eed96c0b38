import { runCommandLine } from './command-line.ts';
import { endQuietlyWithReader, toStderr } from './commands/output.ts';

// What a lake holds is for its owner alone.
process.umask(0o077);
endQuietlyWithReader();
process.exitCode = await runCommandLine(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: toStderr,
});
