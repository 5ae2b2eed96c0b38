/** Loaded before the command line: Ctrl-C comes as soon as the run says that it collects, however slow the machine is. */

const write = process.stderr.write.bind(process.stderr);
process.stderr.write = ((...args: Parameters<typeof write>) => {
  if (String(args[0]).includes('collecting into')) process.kill(process.pid, 'SIGINT');
  return write(...args);
}) as typeof process.stderr.write;
