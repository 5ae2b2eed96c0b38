import { keepCompiledModules } from './compile-cache.ts';

// What a lake holds is for its owner alone, and so is what is run from the cache.
process.umask(0o077);
keepCompiledModules(process.env);
const { runCommandLine } = await import('./command-line.ts');
const { endQuietlyWithReader, toStderr } = await import('./commands/output.ts');
endQuietlyWithReader();
process.exitCode = await runCommandLine(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: toStderr,
});
